using Confluent.Kafka;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>
/// Asks where partitions end: all in one question, as long as that is answered. One partition without a leader makes the client fail the whole question, so
/// after a failure each partition is asked about on its own, and waits for nobody else's answer.
/// </summary>
internal sealed class PartitionEnds(KafkaTopic topic, IngestMetrics metrics, TimeProvider clock)
{
    /// <summary>The questions under way, by partition. Only used by the task that asks.</summary>
    private readonly Dictionary<int, Task<string?>> _alone = [];
    private bool _asksAlone;

    /// <returns>What is wrong; null: nothing.</returns>
    public async Task<string?> AskAsync(IReadOnlyCollection<KafkaPartition> readings)
    {
        if (_asksAlone)
        {
            return await AskEachAloneAsync(readings);
        }

        try
        {
            await AskTogetherAsync(readings);
            return null;
        }
        catch (Exception failed) when (failed is KafkaException or TimeoutException)
        {
            _asksAlone = true;
            return failed.Message;
        }
    }

    private async Task AskTogetherAsync(IReadOnlyCollection<KafkaPartition> readings)
    {
        var asked = clock.GetUtcNow();
        var ends = await topic.OffsetsAsync(readings.Select(reading => reading.Partition.Partition), ends: true);
        foreach (var reading in readings)
        {
            if (ends.TryGetValue(reading.Partition.Partition, out var end))
            {
                metrics.Lag(reading.Partition.Partition, Math.Max(0, end - reading.Done));
                reading.OnEnd(end, asked);
            }
        }
    }

    /// <summary>Takes the answers that have come, and asks about every partition of which none is awaited.</summary>
    private async Task<string?> AskEachAloneAsync(IReadOnlyCollection<KafkaPartition> readings)
    {
        var answered = _alone.Where(question => question.Value.IsCompleted).ToList();
        string? problem = null;
        foreach (var (partition, answer) in answered)
        {
            _alone.Remove(partition);
            problem ??= await answer;
        }

        // Once all partitions answer again, one question is enough.
        _asksAlone = answered.Count == 0 || _alone.Count > 0 || problem is not null;
        foreach (var reading in readings.Where(reading => !_alone.ContainsKey(reading.Partition.Partition)))
        {
            _alone.Add(reading.Partition.Partition, AskAloneAsync(reading));
        }

        return problem;
    }

    private async Task<string?> AskAloneAsync(KafkaPartition reading)
    {
        try
        {
            await AskTogetherAsync([reading]);
            return null;
        }
        catch (Exception failed)
        {
            return $"partition {reading.Partition.Partition}: {failed.Message}";
        }
    }
}
