using System.Diagnostics.Metrics;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>What attempts to deliver came to, and endpoints in trouble.</summary>
internal sealed class EndpointMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _lists;

    public EndpointMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        _attempts = meter.CreateCounter<long>("webhook_attempts_total", description: "Attempts to deliver a message to an endpoint");
        _lists = meter.CreateCounter<long>("alert_lists_total", description: "Attempts to deliver several alerts in one message");
        meter.CreateObservableGauge(
            "endpoints",
            () => Endpoints() is { } all
                ?
                [
                    Measured("live", all.Count(endpoint => endpoint is { Disabled: null, IsBroken: false })),
                    Measured("left_alone", all.Count(endpoint => endpoint is { Disabled: null, IsBroken: true })),
                    Measured("gone", all.Count(endpoint => endpoint.IsGone)),
                    Measured("off", all.Count(endpoint => endpoint is { Disabled: not null, IsGone: false })),
                ]
                : Array.Empty<Measurement<long>>(),
            description: "Endpoints that take messages, those left alone after failures, those that answered 410, and those switched off");
    }

    /// <summary>The endpoints that there are; none before they are made.</summary>
    public Func<IReadOnlyList<AlertEndpoint>?> Endpoints { get; set; } = () => null;

    /// <param name="kind">The kind of the endpoint, such as webhook.</param>
    /// <param name="outcome">delivered, refused (an answer outside 2xx), timeout, unreachable or gone.</param>
    public void Count(string kind, string outcome) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("kind", kind));

    public void CountList() => _lists.Add(1);

    private static Measurement<long> Measured(string state, int count) => new(count, new KeyValuePair<string, object?>("state", state));
}
