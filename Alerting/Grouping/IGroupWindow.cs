using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Grouping;

/// <summary>Gathers the messages that come to an endpoint soon after another one, so that a storm of breaches is one list. The first message after a quiet time goes at once.</summary>
internal interface IGroupWindow
{
    /// <summary>Whether a message may go alone, without waiting. If so, those that follow it are gathered from now on.</summary>
    bool TryGoAlone();

    /// <summary>Waits, without a time limit, until the message may go: in a list, or alone where nothing else goes at that time.</summary>
    ValueTask<DeliveryPermit> JoinAsync(CancellationToken cancellationToken);
}
