using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;

namespace RiskMonitor.CdcIngest.Tests.Kafka;

/// <summary>A change continues the trace that its message carries, up to the call to its desk.</summary>
public sealed class TracingTests
{
    [Fact]
    public async Task The_trace_of_a_message_reaches_the_call_to_its_desk()
    {
        var trace = ActivityTraceId.CreateRandom();
        var parent = ActivitySpanId.CreateRandom();
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "RiskMonitor.Ingest",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await KafkaWorld.StartAsync(1);
        var (partition, key, value) = world.Book.PutUnsent("P1", "Desk", 5)[0];
        await world.Broker.ProduceAsync(KafkaWorld.Topic, partition, key, value, [new Header("traceparent", System.Text.Encoding.ASCII.GetBytes($"00-{trace}-{parent}-01"))]);
        await world.StartIngestAsync();
        await world.BookIsHeldAsync();

        await Eventually.IsTrueAsync("both activities have ended", () => activities.Count(activity => activity.TraceId == trace) == 2);
        var reading = activities.Single(activity => activity.TraceId == trace && activity.OperationName == "process");
        var applying = activities.Single(activity => activity.TraceId == trace && activity.OperationName == "apply");
        Assert.Equal(parent, reading.ParentSpanId);
        Assert.Equal(reading.SpanId, applying.ParentSpanId);
    }
}
