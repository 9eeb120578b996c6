using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Codec;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>
/// What each step of <see cref="FileToDesks"/> costs when it is done alone, on one thread where it has one: their sum is less than the whole, and the
/// rest is what runs between the steps.
/// </summary>
internal sealed class UnitCosts : IScenario
{
    private const int UsualDesks = 200;

    public string Name => "costs";

    public string Says => "what each step from a replay file to durable desks costs by itself, for each change";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        var directory = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");
        try
        {
            var path = Path.Combine(directory.FullName, "day.jsonl");
            var day = new TradingDay(effort.Events, effort.Desks.Contains(UsualDesks) ? UsualDesks : effort.Desks[0]);
            CapturedDay.Write(path, day);
            await using var work = await Work.OfAsync(path);
            yield return new Contest(
                $"{day.Changes} changes, {day.Desks} desks, {work.Records} records of {(double)day.Changes / work.Records:0} changes",
                [
                    Step("read: find lines, resolve escapes", () => Work.PassAsync(path)),
                    Step("decode", work.Decode),
                    Step("route: order, ownership, queues, calls to nobody", () => new SilentDesks().IngestAsync(work.Decoded())),
                    Step("grain calls that bring what is known", work.CallAsync, work.PrepareCallsAsync),
                    Step("apply and judge", work.Apply),
                    Step("view, once a record, of the desks at their largest", work.View),
                    Step("encode", work.Encode),
                    Step("encode and commit", work.CommitAsync, work.PrepareDatabaseAsync),
                    Step("fold, each row once", work.FoldAsync, work.PrepareFoldAsync),
                ]);

            Contender Step(string name, Func<Task> run, Func<Task>? prepare = null) => new(name, async () =>
            {
                await (prepare?.Invoke() ?? Task.CompletedTask);
                var stretch = Stretch.Begin();
                await run();
                return stretch.End("changes", day.Changes);
            });
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The same changes as every step gets them.</summary>
    private sealed class Work : IAsyncDisposable
    {
        private readonly List<FeedMessage> _messages;
        private readonly List<FeedMessage> _decoded;
        private readonly IReadOnlyDictionary<string, IReadOnlyList<DeskBatch>> _calls;
        private readonly List<(DeskRisk Desk, IReadOnlyList<JournalRecord> Records)> _desks;
        private MonitorHost? _monitor;
        private Database? _database;
        private List<(IDeskJournalWriter Writer, DeskFold Fold)> _folds = [];

        private Work(List<FeedMessage> messages, List<FeedMessage> decoded, IReadOnlyDictionary<string, IReadOnlyList<DeskBatch>> calls)
        {
            _messages = messages;
            _decoded = decoded;
            _calls = calls;
            _desks = [.. calls.Select(desk => Applied(desk.Key, desk.Value))];
            Records = calls.Values.Sum(batches => batches.Count);
        }

        public int Records { get; }

        public static async Task<Work> OfAsync(string path)
        {
            var messages = await ReadAsync(path);
            var decoder = new DebeziumDecoder(new DebeziumOptions());
            var decoded = messages.ConvertAll(message => message with { Change = new ReadChange((DecodedMessage.Row)decoder.Decode(message), message.Delivery.Offset) });
            var desks = new SilentDesks();
            await desks.IngestAsync(new MemoryFeed(decoded, 1));
            return new Work(messages, decoded, desks.Calls);
        }

        /// <summary>Reads and lets go of what was read, as the product does.</summary>
        public static async Task PassAsync(string path)
        {
            await foreach (var batch in BatchesAsync(path))
            {
                if (batch.Messages.Any(message => message.Problem is not null))
                {
                    throw new InvalidOperationException("a line cannot be read");
                }
            }
        }

        private static async Task<List<FeedMessage>> ReadAsync(string path)
        {
            var messages = new List<FeedMessage>();
            await foreach (var batch in BatchesAsync(path))
            {
                // The feed uses its memory again.
                messages.AddRange(batch.Messages.Select(message => message with { Key = message.Key.ToArray(), Value = message.Value.ToArray() }));
            }

            return messages;
        }

        private static async IAsyncEnumerable<FeedBatch> BatchesAsync(string path)
        {
            var file = await ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None);
            await foreach (var batch in file.ReadAsync(new Dictionary<FeedPartition, long>(), CancellationToken.None))
            {
                yield return batch;
            }
        }

        public Task Decode()
        {
            var decoder = new DebeziumDecoder(new DebeziumOptions());
            foreach (var message in _messages)
            {
                if (decoder.Decode(message) is not DecodedMessage.Row)
                {
                    throw new InvalidOperationException($"{message.Delivery} was no row");
                }
            }

            return Task.CompletedTask;
        }

        public IChangeFeed Decoded() => new MemoryFeed(_decoded, 1);

        public async Task PrepareCallsAsync()
        {
            if (_monitor is null)
            {
                _monitor = await MonitorHost.StartAsync(Trading.NeverReached);
                await CallAsync();
            }
        }

        public Task CallAsync() => Task.WhenAll(_calls.Select(async desk =>
        {
            foreach (var batch in desk.Value)
            {
                await _monitor!.Desk(desk.Key).ApplyAsync(batch);
            }
        }));

        public Task Apply()
        {
            foreach (var (name, batches) in _calls)
            {
                Applied(name, batches);
            }

            return Task.CompletedTask;
        }

        public Task View()
        {
            foreach (var (desk, records) in _desks)
            {
                foreach (var record in records)
                {
                    desk.ToView(record.At);
                }
            }

            return Task.CompletedTask;
        }

        public Task Encode()
        {
            foreach (var record in _desks.SelectMany(desk => desk.Records))
            {
                JournalCodec.Encode(record);
            }

            return Task.CompletedTask;
        }

        public async Task PrepareDatabaseAsync()
        {
            await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
            _database = await Database.CreateAsync();
            _folds = [];
            foreach (var (desk, _) in _desks)
            {
                var (_, writer) = await _database.Journal.OpenAsync(desk.Desk, CancellationToken.None);
                _folds.Add((writer, desk.Fold(0)));
            }
        }

        public Task CommitAsync() => Task.WhenAll(_desks.Zip(_folds, async (desk, writer) =>
        {
            foreach (var record in desk.Records)
            {
                await writer.Writer.AppendAsync(record, CancellationToken.None);
            }
        }));

        /// <summary>A desk gives its changed rows once, so that it is built anew for each run.</summary>
        public async Task PrepareFoldAsync()
        {
            await PrepareDatabaseAsync();
            await CommitAsync();
            _folds = [.. _folds.Select((fold, i) => (fold.Writer, Applied(_desks[i].Desk.Desk, _calls[_desks[i].Desk.Desk]).Desk.Fold(0)))];
        }

        public Task FoldAsync() => Task.WhenAll(_folds.Select(fold => fold.Writer.FoldAsync(fold.Fold, CancellationToken.None)));

        public async ValueTask DisposeAsync()
        {
            await (_monitor?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        private static (DeskRisk Desk, IReadOnlyList<JournalRecord> Records) Applied(string name, IReadOnlyList<DeskBatch> batches)
        {
            var desk = new DeskRisk(name);
            var opening = new DeskStep();
            desk.Apply(Trading.Limits(), opening);
            var records = new List<JournalRecord>(batches.Count);
            foreach (var batch in batches)
            {
                var step = records.Count == 0 ? opening : new DeskStep();
                desk.Apply(new ChangesInput(batch.IngestedAt, batch.Feed, batch.Changes, batch.Snapshot, batch.FeedState, batch.IngestedAt), step);
                records.Add(desk.Seal(step, batch.IngestedAt));
            }

            return (desk, records);
        }
    }
}
