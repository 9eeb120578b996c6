using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Follows the end of an outbox. Answers at once, with what there is.</summary>
internal sealed class OutboxTail(EmbeddedOutboxOptions options, FeedPartition partition, long from, TimeProvider time) : IDisposable
{
    private readonly FeedPartition[] end = [partition];
    private OutboxDatabase? database;
    private long next = from;
    private string? lost;
    private long dataVersion;
    private long schemaVersion;
    private bool isAtEnd;
    private bool hasToldEnd;
    private long lastTold = time.GetTimestamp();

    /// <summary>The next changes, or a sign of life when one is due; null when there is nothing to say.</summary>
    public FeedBatch? Next()
    {
        var open = database ??= Open();
        var version = open.DataVersion;
        if (version != dataVersion && open.SchemaVersion != schemaVersion)
        {
            // The table may be another one, without triggers.
            Close();
            open = database = Open();
            version = open.DataVersion;
        }

        isAtEnd &= version == dataVersion;
        if (!isAtEnd)
        {
            // What is committed after the version was read changes it again, so that nothing is overlooked.
            var messages = open.Read(partition, next, options.BatchSize);
            dataVersion = version;
            isAtEnd = messages.Count < options.BatchSize;
            if (messages.Count > 0 || lost is not null || (isAtEnd && !hasToldEnd))
            {
                return Tell(messages);
            }
        }

        return time.GetElapsedTime(lastTold) >= options.SignOfLifeInterval ? Tell([]) : null;
    }

    /// <summary>Lets go of the file; the next look opens it again.</summary>
    public void Close()
    {
        database?.Dispose();
        database = null;
    }

    public void Dispose() => Close();

    private OutboxDatabase Open()
    {
        var opened = OutboxDatabase.Open(options.Path);
        try
        {
            var start = opened.Prepare(next);
            next = start.Next;
            lost = start.Lost ?? lost;
            schemaVersion = opened.SchemaVersion;
            isAtEnd = false;
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private FeedBatch Tell(List<FeedMessage> messages)
    {
        var batch = new FeedBatch(messages, isAtEnd ? end : [], time.GetUtcNow(), lost);
        next = messages.Count > 0 ? messages[^1].Delivery.Offset + 1 : next;
        hasToldEnd = isAtEnd;
        lost = null;
        lastTold = time.GetTimestamp();
        return batch;
    }
}
