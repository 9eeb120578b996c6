using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// The feed that a file holds: one JSON object a line, as <c>kcat -C -J</c> prints it, plain or gzip. It is read in the file's order and has an
/// end. A line that is no message comes as one of topic <c>replay:FILE</c>, partition -1, so that it ends with the dead letters.
/// </summary>
/// <remarks>
/// A file that begins with the lines of an earlier run is read on behind them. In any other, messages before the offsets asked for come, too: only
/// what they say shows whether the file is about the same topic as before, or about one that was re-created under an old name.
/// </remarks>
public sealed class ReplayFile : IChangeFeed
{
    private const int BatchSize = 1_000;
    private const int LinesToFindTheName = 1_000;

    /// <summary>Made-up partitions of the topic <c>replay:FILE</c>: how many lines are done, and what they said, as a number.</summary>
    private const int LinesPlace = -2;
    private const int TextPlace = -3;

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
    /// <param name="decoder">Separates changes of positions from other messages; null: one without settings.</param>
    /// <exception cref="InvalidOperationException">The file cannot be read; the message names it and the remedy.</exception>
    public static async Task<ReplayFile> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken, DebeziumDecoder? decoder = null)
    {
        decoder ??= new DebeziumDecoder(new DebeziumOptions());
        string? first = null;
        string? firstAboutPositions = null;
        string? problem = null;
        await foreach (var (number, line) in LinesAsync(path, cancellationToken))
        {
            var message = ReplayLine.Read(line, number, "", Same);
            problem ??= message.Problem;
            if (message.Delivery.Partition >= 0)
            {
                var topic = message.Delivery.Topic;
                var decoded = decoder.Decode(message);
                if (decoded is DecodedMessage.Row)
                {
                    return new ReplayFile(path, topic, time);
                }

                var isAboutPositions = message.Key.Span.IndexOf("position_id"u8) >= 0 || message.Value.Span.IndexOf("position_id"u8) >= 0;
                firstAboutPositions ??= isAboutPositions && decoded is not DecodedMessage.OtherTable ? topic : null;
                first ??= topic;
            }

            if (number >= LinesToFindTheName)
            {
                break;
            }
        }

        return (firstAboutPositions ?? first) is { } name
            ? new ReplayFile(path, name, time)
            : throw new InvalidOperationException(
                $"The replay file '{path}' holds no messages; give a file with one JSON object a line, in UTF-8, as kcat -C -J prints them."
                + (problem is null ? "" : $" What was found: {problem}."));
    }

    /// <summary>The partitions of the changes' topic. Reads the file through once.</summary>
    public async Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        if (partitions is null)
        {
            var found = new SortedSet<int>();
            await foreach (var (_, line) in LinesAsync(path, cancellationToken))
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
        var ofTheFile = Intern($"replay:{Path.GetFileName(path)}");
        var linesPlace = new FeedPartition(ofTheFile, LinesPlace);
        var textPlace = new FeedPartition(ofTheFile, TextPlace);
        var done = await DoneAsync(from.GetValueOrDefault(linesPlace), from.GetValueOrDefault(textPlace), cancellationToken);
        var messages = new List<FeedMessage>(BatchSize);
        var text = 0L;
        var last = 0L;
        await foreach (var (number, line) in LinesAsync(path, cancellationToken))
        {
            text = MessageFingerprint.After(text, line);
            last = number;
            if (number <= done)
            {
                continue;
            }

            messages.Add(ReplayLine.Read(line, number, ofTheFile, Intern));
            if (messages.Count == BatchSize)
            {
                yield return new FeedBatch(messages, [], time.GetUtcNow(), Places: Places());
                messages = new List<FeedMessage>(BatchSize);
            }
        }

        yield return new FeedBatch(messages, all, time.GetUtcNow(), Places: Places());

        Dictionary<FeedPartition, long> Places() => new() { [linesPlace] = last, [textPlace] = text };
    }

    /// <summary>How many lines an earlier run has done, where the file still begins with them; else 0.</summary>
    private async Task<long> DoneAsync(long lines, long expected, CancellationToken cancellationToken)
    {
        var text = 0L;
        var last = 0L;
        if (lines > 0)
        {
            await foreach (var (number, line) in LinesAsync(path, cancellationToken))
            {
                if (number > lines)
                {
                    break;
                }

                text = MessageFingerprint.After(text, line);
                last = number;
            }
        }

        return last == lines && text == expected ? lines : 0;
    }

    /// <summary>Does nothing: a file lets go of nothing.</summary>
    public Task CommitAsync(IReadOnlyDictionary<FeedPartition, long> next, CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Same(string topic) => topic;

    private string Intern(string topic)
    {
        if (!topics.TryGetValue(topic, out var known))
        {
            topics.Add(topic, known = topic);
        }

        return known;
    }

    /// <summary>The lines that are not blank, with their numbers, which count blank ones.</summary>
    private static async IAsyncEnumerable<(long Number, ReadOnlySequence<byte> Line)> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await OpenContentAsync(path, cancellationToken);
        var pipe = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 128 * 1024, leaveOpen: true));
        var number = 0L;
        try
        {
            while (true)
            {
                var read = await ReadAsync(pipe, path, cancellationToken);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = WithoutMark(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                    number++;
                    if (!IsBlank(line))
                    {
                        yield return (number, line);
                    }
                }

                if (read.IsCompleted)
                {
                    var last = WithoutMark(buffer);
                    if (!IsBlank(last))
                    {
                        yield return (number + 1, last);
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

    /// <summary>Programs write a byte order mark at the beginning of a file, and files are put together.</summary>
    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> line)
    {
        var reader = new SequenceReader<byte>(line);
        return reader.IsNext([0xEF, 0xBB, 0xBF]) ? line.Slice(3) : line;
    }

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
