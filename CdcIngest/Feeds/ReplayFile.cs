using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// The feed that a file holds: one JSON object a line, as <c>kcat -C -J</c> prints it, plain or gzip. It is read in the file's order and has an
/// end. A line that is no message comes as one of topic <c>replay:FILE</c>, partition -1, so that it ends with the dead letters.
/// </summary>
public sealed class ReplayFile : IChangeFeed
{
    private const int BatchSize = 1_000;
    private const int LinesToFindTheName = 1_000;

    private readonly string path;
    private readonly TimeProvider time;
    private readonly Dictionary<string, string> topics = new(StringComparer.Ordinal);
    private IReadOnlyList<FeedPartition>? partitions;

    private ReplayFile(string path, string name, TimeProvider time)
    {
        this.path = path;
        this.time = time;
        Name = name;
    }

    /// <summary>The topic of the first change of a position; where there is none, that of the first message.</summary>
    public string Name { get; }

    public bool IsTotallyOrdered => true;

    /// <summary>Opens a file and reads its beginning.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read; the message names it and the remedy.</exception>
    public static async Task<ReplayFile> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        string? first = null;
        var read = 0;
        await foreach (var line in LinesAsync(path, cancellationToken))
        {
            if (ReplayLine.Read(line, Same) is { } message)
            {
                var topic = message.Delivery.Topic;
                if (message.Key.Span.IndexOf("position_id"u8) >= 0 || message.Value.Span.IndexOf("position_id"u8) >= 0)
                {
                    return new ReplayFile(path, topic, time);
                }

                first ??= topic;
            }

            if (++read == LinesToFindTheName)
            {
                break;
            }
        }

        return first is null
            ? throw new InvalidOperationException($"The replay file '{path}' holds no messages; give a file with one JSON object a line, as kcat -C -J prints them.")
            : new ReplayFile(path, first, time);
    }

    /// <summary>The partitions of the changes' topic. Reads the file through once.</summary>
    public async Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        if (partitions is null)
        {
            var found = new SortedSet<int>();
            await foreach (var line in LinesAsync(path, cancellationToken))
            {
                if (ReplayLine.ReadDelivery(line, Intern) is { } delivery && delivery.Topic == Name)
                {
                    found.Add(delivery.Partition);
                }
            }

            partitions = [.. found.Select(partition => new FeedPartition(Name, partition))];
        }

        return partitions;
    }

    public async IAsyncEnumerable<FeedBatch> ReadAsync(
        IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await PartitionsAsync(cancellationToken);
        var messages = new List<FeedMessage>(BatchSize);
        var lineNumber = 0L;
        await foreach (var line in LinesAsync(path, cancellationToken))
        {
            lineNumber++;
            var message = ReplayLine.Read(line, Intern) ?? NoMessage(line, lineNumber);
            if (message.Delivery.Offset < from.GetValueOrDefault(message.Delivery.FeedPartition))
            {
                continue;
            }

            messages.Add(message);
            if (messages.Count == BatchSize)
            {
                yield return new FeedBatch(messages, [], time.GetUtcNow());
                messages = new List<FeedMessage>(BatchSize);
            }
        }

        yield return new FeedBatch(messages, all, time.GetUtcNow());
    }

    /// <summary>Does nothing: a file lets go of nothing.</summary>
    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Same(string topic) => topic;

    private FeedMessage NoMessage(ReadOnlySequence<byte> line, long lineNumber) =>
        new(new Delivery(Intern($"replay:{Path.GetFileName(path)}"), -1, lineNumber), default, line.ToArray(), HasValue: true);

    private string Intern(string topic)
    {
        if (!topics.TryGetValue(topic, out var known))
        {
            topics.Add(topic, known = topic);
        }

        return known;
    }

    private static async IAsyncEnumerable<ReadOnlySequence<byte>> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await OpenContentAsync(path, cancellationToken);
        var pipe = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 128 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await ReadAsync(pipe, path, cancellationToken);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                    if (!IsBlank(line))
                    {
                        yield return line;
                    }
                }

                if (read.IsCompleted)
                {
                    if (!IsBlank(buffer))
                    {
                        yield return buffer;
                    }

                    break;
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static async Task<ReadResult> ReadAsync(PipeReader pipe, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await pipe.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Unreadable(path, e);
        }
    }

    private static async Task<Stream> OpenContentAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            var magic = new byte[2];
            var isGzip = await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken) == 2 && magic is [0x1F, 0x8B];
            file.Position = 0;
            return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    private static InvalidOperationException Unreadable(string path, Exception why) => new(
        $"The replay file '{path}' cannot be read: {why.Message} Give the path of a file of messages as kcat -C -J prints them, plain or gzip.", why);

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
