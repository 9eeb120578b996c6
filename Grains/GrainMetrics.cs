using System.Diagnostics.Metrics;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains;

/// <summary>Instruments of the grains. No desk, alert or feed is a label.</summary>
internal sealed class GrainMetrics
{
    private readonly Histogram<double> _apply;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _analysis;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _commitToDelivered;
    private readonly Counter<long> _notices;
    private long _activeDesks;
    private long _unavailableDesks;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("RiskMonitor");
        meter.CreateObservableGauge(
            "desks",
            () => new Measurement<long>[]
            {
                new(Interlocked.Read(ref _activeDesks), new KeyValuePair<string, object?>("state", "active")),
                new(Interlocked.Read(ref _unavailableDesks), new KeyValuePair<string, object?>("state", "unavailable")),
            },
            description: "Desks that are active, and those that cannot be read");
        _apply = meter.CreateHistogram<double>("desk_apply_seconds", "s", "Time from a batch's arrival at its desk until it is durable");
        _opened = meter.CreateCounter<long>("alerts_opened_total", description: "Alerts opened");
        _deadLetters = meter.CreateCounter<long>("alert_dead_letters_total", description: "Alerts that could not be delivered");
        _analysis = meter.CreateHistogram<double>("alert_analysis_seconds", "s", "Duration of an alert's analysis");
        _delivery = meter.CreateHistogram<double>("alert_delivery_seconds", "s", "Duration of one attempt to deliver");
        _commitToDelivered = meter.CreateHistogram<double>("alert_commit_to_delivered_seconds", "s", "Time from the source's commit to the first 2xx");
        _notices = meter.CreateCounter<long>("operator_notices_total", description: "Notices to the operator");
    }

    public void DeskActivated() => Interlocked.Increment(ref _activeDesks);

    public void DeskDeactivated() => Interlocked.Decrement(ref _activeDesks);

    public void DeskUnavailable() => Interlocked.Increment(ref _unavailableDesks);

    public void DeskAvailable() => Interlocked.Decrement(ref _unavailableDesks);

    /// <summary>A desk has made a batch durable.</summary>
    public void Applied(TimeSpan took) => _apply.Record(took.TotalSeconds);

    /// <param name="source">llm or rules.</param>
    public void Analysed(string source, TimeSpan took) => _analysis.Record(took.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    /// <summary>One attempt to deliver has ended.</summary>
    public void Attempted(TimeSpan took) => _delivery.Record(took.TotalSeconds);

    /// <param name="sinceCommit">Time from the source's commit to the first 2xx.</param>
    public void Delivered(TimeSpan sinceCommit) => _commitToDelivered.Record(sinceCommit.TotalSeconds);

    /// <param name="event">The notice's event code.</param>
    public void Noticed(string @event) => _notices.Add(1, new KeyValuePair<string, object?>("event", @event));

    /// <summary>Counts the events of a step.</summary>
    public void Count(AlertStep step)
    {
        foreach (var happened in step.Events)
        {
            switch (happened.Kind)
            {
                case "opened":
                    _opened.Add(1, new KeyValuePair<string, object?>("severity", step.Alert.Episode.Severity.Name()));
                    break;
                case "dead_letter":
                    _deadLetters.Add(1);
                    Noticed("alert_dead_letter");
                    break;
            }
        }
    }
}
