using System.Diagnostics.Metrics;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains;

/// <summary>Instruments of the grains. No desk, alert or feed is a label.</summary>
internal sealed class GrainMetrics
{
    private readonly Histogram<double> _apply;
    private readonly Counter<long> _superseded;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _deadLetters;
    private readonly Histogram<double> _analysis;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _commitToDelivered;
    private readonly Histogram<double> _stages;
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
        _superseded = meter.CreateCounter<long>("desks_superseded_total", description: "Activations of a desk that ended because another one had written its journal");
        _apply = meter.CreateHistogram<double>("desk_apply_seconds", "s", "Time from a batch's arrival at its desk until it is durable");
        _opened = meter.CreateCounter<long>("alerts_opened_total", description: "Alerts opened");
        _deadLetters = meter.CreateCounter<long>("alert_dead_letters_total", description: "Alerts that could not be delivered");
        _analysis = meter.CreateHistogram<double>("alert_analysis_seconds", "s", "Duration of an alert's analysis");
        _delivery = meter.CreateHistogram<double>("alert_delivery_seconds", "s", "Duration of one attempt to deliver");
        _commitToDelivered = meter.CreateHistogram<double>("alert_commit_to_delivered_seconds", "s", "Time from the source's commit to the first 2xx");
        _stages = meter.CreateHistogram<double>("alert_stage_seconds", "s", "Time that an alert spent in a stage, from the source's commit to the first 2xx");
        _notices = meter.CreateCounter<long>("operator_notices_total", description: "Notices to the operator");
    }

    public void DeskActivated() => Interlocked.Increment(ref _activeDesks);

    public void DeskDeactivated() => Interlocked.Decrement(ref _activeDesks);

    public void DeskUnavailable() => Interlocked.Increment(ref _unavailableDesks);

    public void DeskAvailable() => Interlocked.Decrement(ref _unavailableDesks);

    public void DeskSuperseded() => _superseded.Add(1);

    /// <summary>A desk has made a batch durable.</summary>
    public void Applied(TimeSpan took) => _apply.Record(took.TotalSeconds);

    /// <param name="source">llm or rules.</param>
    public void Analysed(string source, TimeSpan took) => _analysis.Record(took.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    /// <summary>One attempt to deliver has ended.</summary>
    public void Attempted(TimeSpan took) => _delivery.Record(took.TotalSeconds);

    /// <summary>An alert was delivered for the first time.</summary>
    /// <param name="receipt">When each station passed it on; a station that is not known has no stage.</param>
    public void Delivered(LatencyReceipt receipt)
    {
        if (receipt is { DeliveredAt: { } delivered, Committed: { } committed })
        {
            _commitToDelivered.Record((delivered - committed.CommittedAt).TotalSeconds);
        }

        Stage("ingest", receipt.Committed?.CommittedAt, receipt.IngestedAt);
        Stage("detect", receipt.IngestedAt, receipt.DetectedAt);
        Stage("analyse", receipt.DetectedAt, receipt.AnalysedAt);
        Stage("deliver", receipt.AnalysedAt, receipt.DeliveredAt);
    }

    /// <summary>Clocks of two machines may differ: a stage that ends before it begins took no time.</summary>
    private void Stage(string stage, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is { } began && to is { } ended)
        {
            _stages.Record(Math.Max(0, (ended - began).TotalSeconds), new KeyValuePair<string, object?>("stage", stage));
        }
    }

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
                case "operator_notified":
                    Noticed("alert_unacknowledged");
                    break;
                case "dead_letter":
                    _deadLetters.Add(1);
                    Noticed("alert_dead_letter");
                    break;
            }
        }
    }
}
