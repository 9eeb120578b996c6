using System.Diagnostics.Metrics;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>What is measured of partitions comes and goes with them.</summary>
public sealed class IngestMetricsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_partition_that_is_silent_the_longest_counts_and_only_while_it_is_read()
    {
        using var meters = new Gauges();
        var metrics = new IngestMetrics(meters, _clock);
        Assert.Null(meters.Read("cdc_last_heard_age_seconds"));

        metrics.OnHeartbeat(new FeedPartition("t", 0), _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(40));
        metrics.OnHeartbeat(new FeedPartition("t", 1), _clock.GetUtcNow());
        Assert.Equal(40, meters.Read("cdc_last_heard_age_seconds"));

        metrics.Forget(new FeedPartition("t", 0));
        Assert.Equal(0, meters.Read("cdc_last_heard_age_seconds"));

        metrics.Forget(new FeedPartition("t", 1));
        Assert.Null(meters.Read("cdc_last_heard_age_seconds"));
    }

    [Fact]
    public void A_partition_that_is_assigned_and_not_read_is_counted()
    {
        using var meters = new Gauges();
        var metrics = new IngestMetrics(meters, _clock);

        metrics.Assigned(0, isRead: false);
        metrics.Assigned(1, isRead: false);
        Assert.Equal(2, meters.Read("cdc_partitions_unread"));

        metrics.Assigned(0, isRead: true);
        metrics.Assigned(1, isRead: null);
        Assert.Equal(0, meters.Read("cdc_partitions_unread"));
    }

    private sealed class Gauges : IMeterFactory
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, double> _values = [];

        public Gauges()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, this) && instrument.IsObservable)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _values[instrument.Name] = value);
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _values[instrument.Name] = value);
            _listener.Start();
        }

        public Meter Create(MeterOptions options) => new(new MeterOptions(options.Name) { Scope = this });

        public double? Read(string instrument)
        {
            _values.Clear();
            _listener.RecordObservableInstruments();
            return _values.TryGetValue(instrument, out var value) ? value : null;
        }

        public void Dispose() => _listener.Dispose();
    }
}
