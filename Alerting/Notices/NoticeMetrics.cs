using System.Diagnostics.Metrics;

namespace RiskMonitor.Alerting.Notices;

/// <summary>What attempts to post notices came to.</summary>
internal sealed class NoticeMetrics(IMeterFactory meters)
{
    /// <summary>All attempts for a message failed.</summary>
    public const string GivenUp = "given_up";

    /// <summary>There was no room for a notice, or the receiver has said that it takes none any more.</summary>
    public const string Dropped = "dropped";

    private readonly Counter<long> _messages = meters.Create("RiskMonitor").CreateCounter<long>("notice_messages_total", description: "Attempts to post notices to the operator's webhook");

    /// <param name="outcome">Of an attempt delivered, refused, timeout, unreachable or gone; or one of the two above.</param>
    public void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
