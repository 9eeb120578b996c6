using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// Ends activations of this silo whose desk another activation has written. After a silo was thought dead, or the directory lost an entry, two activations of
/// a desk may live for a while. The journal refuses the appends of all but one, but an activation that is only read would show its old figures for as long as
/// somebody asks.
/// </summary>
internal sealed partial class JournalHeadCheck(
    ActiveDesks active, IDeskJournalReader journal, GrainMetrics metrics, IOptions<DeskOptions> options, TimeProvider clock, ILogger<JournalHeadCheck> logger)
    : PeriodicService(options.Value.HeadInterval, clock)
{
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var desks = active.Now;
        var heads = await journal.HeadsAsync([.. desks.Select(activation => activation.Desk)], cancellationToken);
        foreach (var activation in desks)
        {
            if (heads.TryGetValue(activation.Desk, out var head) && activation.Writer.IsSuperseded(head))
            {
                LogSuperseded(activation.Desk, head.Sequence);
                metrics.DeskSuperseded();
                active.Remove(activation);
                activation.Context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "another activation has written the desk"), CancellationToken.None);
            }
        }
    }

    protected override void OnFailed(Exception exception) => LogNotChecked(exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Desk {Desk} was written by another activation, up to journal sequence {Sequence}: this one ends")]
    private partial void LogSuperseded(string desk, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Journals of active desks could not be compared")]
    private partial void LogNotChecked(Exception exception);
}
