using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.CdcIngest.Tests.Publishing;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>What is measured of partitions comes and goes with them.</summary>
public sealed class IngestMetricsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_partition_that_is_silent_the_longest_counts_and_only_while_it_is_read()
    {
        using var meters = new ListeningMeters();
        var metrics = new IngestMetrics(meters, _clock);
        Assert.Null(meters.Observed("cdc_last_heard_age_seconds"));

        metrics.OnHeartbeat(new FeedPartition("t", 0), _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(40));
        metrics.OnHeartbeat(new FeedPartition("t", 1), _clock.GetUtcNow());
        Assert.Equal(40, meters.Observed("cdc_last_heard_age_seconds"));

        metrics.Forget(new FeedPartition("t", 0));
        Assert.Equal(0, meters.Observed("cdc_last_heard_age_seconds"));

        metrics.Forget(new FeedPartition("t", 1));
        Assert.Null(meters.Observed("cdc_last_heard_age_seconds"));
    }

    [Fact]
    public void A_partition_that_is_assigned_and_not_read_is_counted()
    {
        using var meters = new ListeningMeters();
        var metrics = new IngestMetrics(meters, _clock);

        metrics.Assigned(0, isRead: false);
        metrics.Assigned(1, isRead: false);
        Assert.Equal(2, meters.Observed("cdc_partitions_unread"));

        metrics.Assigned(0, isRead: true);
        metrics.Assigned(1, isRead: null);
        Assert.Equal(0, meters.Observed("cdc_partitions_unread"));
    }
}
