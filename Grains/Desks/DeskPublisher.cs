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
    /// <summary>Views with only some dimensions, made when they are first asked for, so that readers of the same record share one.</summary>
    private readonly DeskView?[] _views = new DeskView?[(int)DeskDimensions.All];
    private DeskView _view = view;
    private DeskSummary? _summary;

    /// <summary>The desk's figures as of its last durable record.</summary>
    public DeskSummary Summary => _summary ??= _view.ToSummary();

    /// <summary>Why the desk is judged by the limits that it last knew; null when these are those of the limit table.</summary>
    public string? LimitsProblem
    {
        get => _view.LimitsProblem;
        set
        {
            if (value != _view.LimitsProblem)
            {
                Show(_view with { LimitsProblem = value });
            }
        }
    }

    /// <summary>The desk as of its last durable record.</summary>
    public DeskView ViewOf(DeskDimensions dimensions) => dimensions == DeskDimensions.All ? _view : _views[(int)dimensions] ??= _view.Of(dimensions);

    /// <param name="record">Is durable.</param>
    /// <param name="view">The desk as of that record.</param>
    public void Publish(JournalRecord record, DeskView view)
    {
        Show(LimitsProblem is null ? view : view with { LimitsProblem = LimitsProblem });
        foreach (var observer in observers)
        {
            observer.OnRecorded(record);
        }

        foreach (var report in record.Outbox)
        {
            _ = SendAsync(report);
        }
    }

    private void Show(DeskView view)
    {
        _view = view;
        _summary = null;
        Array.Clear(_views);
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
