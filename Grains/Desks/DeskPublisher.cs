using Microsoft.Extensions.Logging;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Grains.Desks;

/// <summary>
/// What follows once a record of a desk is durable: readers get its view, observers see the record, and its reports are sent to their alerts.
/// </summary>
/// <remarks>Single-threaded: every member is called on the grain's own turns.</remarks>
internal sealed partial class DeskPublisher(
    DeskView view, IDeskJournal journal, IGrainFactory grains, IEnumerable<IRiskObserver> observers, ILogger logger)
{
    /// <summary>The desk as of its last durable record.</summary>
    public DeskView View { get; private set; } = view;

    /// <summary>Why the desk is judged by the limits that it last knew; null when these are those of the limit table.</summary>
    public string? LimitsProblem
    {
        get => View.LimitsProblem;
        set
        {
            if (value != View.LimitsProblem)
            {
                View = View with { LimitsProblem = value };
            }
        }
    }

    /// <param name="record">Is durable.</param>
    /// <param name="view">The desk as of that record.</param>
    public void Publish(JournalRecord record, DeskView view)
    {
        View = LimitsProblem is null ? view : view with { LimitsProblem = LimitsProblem };
        foreach (var observer in observers)
        {
            observer.OnRecorded(record);
        }

        foreach (var report in record.Outbox)
        {
            _ = SendAsync(report);
        }
    }

    /// <summary>Runs beside the desk's turns. A report that cannot be sent stays in the outbox, and the sweep sends it.</summary>
    private async Task SendAsync(EpisodeReport report)
    {
        var alertId = report.Episode.AlertId;
        try
        {
            await grains.GetGrain<IAlertGrain>(alertId.ToString("D")).ReportAsync(report);
            await journal.SentAsync(alertId, report.Sequence, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogReportDelayed(exception, report.Desk, alertId);
        }
    }
}
