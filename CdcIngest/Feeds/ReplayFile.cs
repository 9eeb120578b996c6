using System.IO.Compression;
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
    private const int BatchesAhead = 2;
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
        var found = new FirstMessages(decoder);
        await VisitAsync(path, (line, number) => !found.IsChange(ReplayLine.Read(line, number, "", Same)) && number < LinesToFindTheName, cancellationToken);
        return found.Topic is { } name
            ? new ReplayFile(path, name, time)
            : throw new InvalidOperationException(
                $"The replay file '{path}' holds no messages; give a file with one JSON object a line, in UTF-8, as kcat -C -J prints them."
                + (found.Problem is { } problem ? $" What was found: {problem}." : ""));
    }

    /// <summary>The partitions of the changes' topic. Reads the file through once.</summary>
    public async Task<IReadOnlyList<FeedPartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        if (partitions is null)
        {
            var found = new SortedSet<int>();
            var deliveries = new ReplayDeliveries(Intern);
            await VisitAsync(
                path,
                (line, _) =>
                {
                    if (deliveries.NewPartition(line) is { } partition && partition.Topic == Name)
                    {
                        found.Add(partition.Partition);
                    }

                    return true;
                },
                cancellationToken);
            partitions = [.. found.Select(partition => new FeedPartition(Name, partition))];
        }

        return partitions;
    }

    public IAsyncEnumerable<FeedBatch> ReadAsync(IReadOnlyDictionary<FeedPartition, long> from, CancellationToken cancellationToken) =>
        ReadAhead.OfAsync(stopping => ReadBatchesAsync(from, stopping), BatchesAhead, cancellationToken);

    private async IAsyncEnumerable<FeedBatch> ReadBatchesAsync(
        IReadOnlyDictionary<FeedPartition, long> from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await PartitionsAsync(cancellationToken);
        var ofTheFile = Intern($"replay:{Path.GetFileName(path)}");
        var linesPlace = new FeedPartition(ofTheFile, LinesPlace);
        var textPlace = new FeedPartition(ofTheFile, TextPlace);
        var done = await DoneAsync(from.GetValueOrDefault(linesPlace), from.GetValueOrDefault(textPlace), cancellationToken);
        var rooms = new BatchRing(BatchSize, BatchesAhead);
        var reader = new ReplayMessages(ofTheFile, Intern) { Room = rooms.Next() };
        var text = 0L;
        await using var content = await OpenContentAsync(path, cancellationToken);
        using var lines = new LineReader(content);
        do
        {
            while (Fill())
            {
                yield return new FeedBatch(reader.Room.Messages, [], time.GetUtcNow(), Places: Places(), MoreFollows: true);
                reader.Room = rooms.Next();
            }
        }
        while (await ReadAsync(lines, path, cancellationToken));

        yield return new FeedBatch(reader.Room.Messages, all, time.GetUtcNow(), Places: Places());

        Dictionary<FeedPartition, long> Places() => new() { [linesPlace] = lines.Number, [textPlace] = text };

        // True: the batch is full. False: the lines that were read are all in it.
        bool Fill()
        {
            while (lines.TryNext(out var line))
            {
                text = MessageFingerprint.After(text, line);
                if (lines.Number > done)
                {
                    reader.Room.Messages.Add(reader.Read(line, lines.Number));
                    if (reader.Room.Messages.Count == BatchSize)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>How many lines an earlier run has done, where the file still begins with them; else 0.</summary>
    private async Task<long> DoneAsync(long done, long expected, CancellationToken cancellationToken)
    {
        var text = 0L;
        var last = 0L;
        if (done > 0)
        {
            await VisitAsync(
                path,
                (line, number) =>
                {
                    // Blank lines are passed over, so that this one may lie behind.
                    if (number <= done)
                    {
                        (text, last) = (MessageFingerprint.After(text, line), number);
                    }

                    return number < done;
                },
                cancellationToken);
        }

        return last == done && text == expected ? done : 0;
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

    /// <returns>False: no more lines are needed.</returns>
    private delegate bool LineVisitor(ReadOnlySpan<byte> line, long number);

    private static async Task VisitAsync(string path, LineVisitor visit, CancellationToken cancellationToken)
    {
        await using var content = await OpenContentAsync(path, cancellationToken);
        using var lines = new LineReader(content);
        do
        {
            while (lines.TryNext(out var line))
            {
                if (!visit(line, lines.Number))
                {
                    return;
                }
            }
        }
        while (await ReadAsync(lines, path, cancellationToken));
    }

    private static async ValueTask<bool> ReadAsync(LineReader lines, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken);
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
}
