using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Evidence;

/// <summary>Compares the breaches that the journal leads to with the alerts that are stored, for breaches opened within a span of time.</summary>
/// <param name="from">The first instant of the span.</param>
/// <param name="to">The first instant behind it.</param>
public sealed class BreachComparison(DateTimeOffset from, DateTimeOffset to)
{
    private readonly Dictionary<Guid, List<EpisodeReport>> _breaches = [];
    private readonly Dictionary<string, (DateTimeOffset Since, long Last)> _computed = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _alerts = [];
    private readonly HashSet<Guid> _waiting = [];
    private readonly List<BreachDifference> _differences = [];

    public int Breaches => _breaches.Count;

    public int Alerts => _alerts.Count;

    /// <summary>Takes what a record of a desk led to.</summary>
    public void Add(IReadOnlyList<EpisodeReport> reports)
    {
        foreach (var report in reports.Where(report => report.Episode.OpenedAt >= from && report.Episode.OpenedAt < to))
        {
            if (!_breaches.TryGetValue(report.Episode.AlertId, out var known))
            {
                _breaches.Add(report.Episode.AlertId, known = []);
            }

            known.Add(report);
        }
    }

    /// <summary>All records of a desk since an instant were computed, up to the one given.</summary>
    public void Computed(string desk, DateTimeOffset since, long last) => _computed[desk] = (since, last);

    /// <summary>A report that is on its way to its alert.</summary>
    public void Waits(EpisodeReport report) => _waiting.Add(report.Episode.AlertId);

    /// <summary>Takes a stored alert; to be called after all records.</summary>
    public void Add(Alert alert)
    {
        if (alert.Episode.OpenedAt < from || alert.Episode.OpenedAt >= to || !_alerts.Add(alert.AlertId))
        {
            return;
        }

        if (!_breaches.TryGetValue(alert.AlertId, out var reports))
        {
            // A desk whose records of that time are gone says nothing of its breaches then, and one that writes meanwhile is ahead of what was computed.
            if (_computed.TryGetValue(alert.Desk, out var desk) && alert.Episode.OpenedAt > desk.Since && alert.Report.Sequence <= desk.Last)
            {
                _differences.Add(new BreachDifference(BreachDifference.AlertWithoutBreach, alert.Desk, alert.AlertId, alert.Report.Sequence, alert.Episode.OpenedAt, "the journal leads to no such breach"));
            }

            return;
        }

        if (alert.Report.Sequence > _computed.GetValueOrDefault(alert.Desk).Last)
        {
            return;
        }

        if (reports.Find(report => report.Sequence == alert.Report.Sequence) is not { } computed)
        {
            _differences.Add(new BreachDifference(
                BreachDifference.Differs, alert.Desk, alert.AlertId, alert.Report.Sequence, alert.Episode.OpenedAt,
                $"the alert is as of record {alert.Report.Sequence}, which reports nothing of it; records {string.Join(", ", reports.Select(report => report.Sequence))} do"));
        }
        else if (computed.Episode != alert.Episode)
        {
            _differences.Add(new BreachDifference(
                BreachDifference.Differs, alert.Desk, alert.AlertId, alert.Report.Sequence, alert.Episode.OpenedAt, $"computed: {computed.Episode}; stored: {alert.Episode}"));
        }
    }

    /// <summary>Breaches without an alert, alerts without a breach, and alerts that say something else; in the order of their time.</summary>
    public IReadOnlyList<BreachDifference> Differences =>
    [
        .. _breaches.Where(breach => !_alerts.Contains(breach.Key)).Select(breach => Missing(breach.Value)).Concat(_differences)
            .OrderBy(difference => difference.OpenedAt).ThenBy(difference => difference.AlertId),
    ];

    private BreachDifference Missing(List<EpisodeReport> reports)
    {
        var first = reports[0];
        var waits = _waiting.Contains(first.Episode.AlertId);
        return new BreachDifference(
            waits ? BreachDifference.OnItsWay : BreachDifference.BreachWithoutAlert,
            first.Desk,
            first.Episode.AlertId,
            first.Sequence,
            first.Episode.OpenedAt,
            $"{first.Episode.Key.Metric.Name()} {AlertDocument.Money(first.Episode.OpenedValue)} {first.Episode.Unit} against {AlertDocument.Money(first.Episode.Threshold)}, {first.Episode.Cause.Kind} {first.Episode.Cause.Delivery}");
    }
}

/// <summary>A breach and an alert that do not belong together.</summary>
/// <param name="Sequence">The record of the desk's journal that shows it.</param>
public sealed record BreachDifference(string Kind, string Desk, Guid AlertId, long Sequence, DateTimeOffset OpenedAt, string Detail)
{
    public const string BreachWithoutAlert = "breach_without_alert";

    /// <summary>Its report is stored and will reach the alert; no difference where the product runs.</summary>
    public const string OnItsWay = "on_its_way";

    public const string AlertWithoutBreach = "alert_without_breach";

    public const string Differs = "differs";
}
