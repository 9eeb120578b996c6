using Confluent.Kafka;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// The last trouble that a client of Kafka had with its brokers. A call that fails only says that it timed out; why (a certificate, a password, a name that
/// does not resolve) the client reports apart.
/// </summary>
internal sealed class ClientErrors(TimeProvider clock)
{
    /// <summary>What was reported longer ago is not the reason for what fails now: the client reports again at each attempt to connect.</summary>
    private static readonly TimeSpan s_relevant = TimeSpan.FromMinutes(1);

    private volatile Report? _last;

    /// <summary>For the client's error handler.</summary>
    public void Add(Error error)
    {
        // "All brokers are down" follows each of the errors that say why.
        if (error.Code != ErrorCode.Local_AllBrokersDown || _last is null)
        {
            _last = new Report(error.Reason, clock.GetTimestamp());
        }
    }

    /// <returns>Why a call failed, with what the client reported of its brokers.</returns>
    public string Explain(string reason) =>
        _last is { } last && clock.GetElapsedTime(last.At) < s_relevant && !reason.Contains(last.Reason, StringComparison.Ordinal) ? $"{reason} ({last.Reason})" : reason;

    private sealed record Report(string Reason, long At);
}
