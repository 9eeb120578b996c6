using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Feeds;
using RiskMonitor.CdcIngest.Pipeline;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>Whatever partitions, connector and consumer do, desks hold what the table holds, or the feed says that they may not.</summary>
public sealed class NaiveModelTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_000)]
    public async Task A_file_read_in_one_run_leads_to_the_table(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            var trade = new Trade(new Random(seed));
            var feedGrain = new InMemoryFeedGrain();
            var desks = new InMemoryDesks();
            await File.WriteAllLinesAsync(path, trade.Draw(mayBeMadeAnew: seed % 2 == 0));
            await RunAsync(feedGrain, desks);
            await RunAsync(feedGrain, desks);

            Assert.True(trade.Table.SequenceEqual(desks.Held()), $"seed {seed}: {string.Join(", ", desks.Held().Except(trade.Table))} instead of {string.Join(", ", trade.Table.Except(desks.Held()))}");
            Assert.True(trade.WasMadeAnew || feedGrain.Record.Unproven.Count == 0, $"seed {seed} is unproven: {string.Join("; ", feedGrain.Record.Unproven)}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_000)]
    public async Task A_file_read_while_it_grows_leads_to_the_table_or_is_unproven(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            var random = new Random(seed);
            var trade = new Trade(random);
            var lines = trade.Draw(mayBeMadeAnew: seed % 2 == 0);
            var feedGrain = new InMemoryFeedGrain();
            var desks = new InMemoryDesks();
            for (var read = random.Next(1, 60); ; read += random.Next(1, 60))
            {
                await File.WriteAllLinesAsync(path, lines.Take(read));
                await RunAsync(feedGrain, desks);
                if (read >= lines.Count)
                {
                    break;
                }
            }

            Assert.True(
                feedGrain.Record.Unproven.Count > 0 || trade.Table.SequenceEqual(desks.Held()),
                $"seed {seed}: {string.Join(", ", desks.Held().Except(trade.Table))} instead of {string.Join(", ", trade.Table.Except(desks.Held()))}");
        }
    }

    private async Task RunAsync(InMemoryFeedGrain feedGrain, InMemoryDesks desks) => await new IngestPipeline(
        await ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None),
        feedGrain,
        desks.Of,
        new DebeziumDecoder(new DebeziumOptions()),
        desks,
        new NoDeadLetters(),
        new IngestOptions { CheckpointInterval = TimeSpan.Zero },
        new IngestMetrics(new Meters(), TimeProvider.System),
        TimeProvider.System,
        NullLogger.Instance).RunAsync(CancellationToken.None);
}
