using System.Diagnostics.Metrics;

namespace RiskMonitor.McpFrontend;

/// <summary>Instruments of authentication and of MCP subscriptions. What a caller sends is never a label.</summary>
internal sealed class FrontendMetrics
{
    private readonly Counter<long> _authenticationFailures;
    private readonly Counter<long> _signingKeyFetches;
    private Func<int> _listeners = () => 0;

    public FrontendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _authenticationFailures = meter.CreateCounter<long>("authentication_failures_total", description: "Requests without valid credentials");
        _signingKeyFetches = meter.CreateCounter<long>("signing_key_fetches_total", description: "Attempts to fetch the identity provider's keys");
        meter.CreateObservableGauge("mcp_listeners", () => _listeners(), description: "Open MCP subscriptions");
    }

    /// <param name="reason">One of a few words, never what was presented.</param>
    public void AuthenticationFailed(string reason) => _authenticationFailures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">ok, failed, or timeout; of one attempt.</param>
    public void SigningKeysFetched(string outcome) => _signingKeyFetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Says where the number of MCP listeners is to be read.</summary>
    public void ListenersAre(Func<int> count) => _listeners = count;
}
