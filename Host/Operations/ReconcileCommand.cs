using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Texts;
using RiskMonitor.Storage;

namespace RiskMonitor.Host.Operations;

/// <summary>
/// Compares the positions table with what the desks hold, and corrects them. It works beside a running monitor: what changes meanwhile is not compared, and a
/// correction takes its place in the log among the changes of clients.
/// </summary>
internal sealed partial class ReconcileCommand(
    IDeskHoldings desks, FeedRecords feeds, IAuditLog audit, string positionsPath, string feed, TimeProvider clock, TextWriter output)
{
    /// <summary>How long the running monitor may take to apply corrections.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private static readonly Option<string> s_desk = CommandOption.Text("--desk", "NAME", "only this desk");
    private static readonly Option<bool> s_fix = CommandOption.Switch("--fix", "correct what differs, and end unproven");

    private static readonly Option<int?> s_settle = CommandOption.Parsed<int>(
        "--settle",
        "SECONDS",
        "in a cluster: compare twice, so long apart (default 5)",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3_600 ? seconds : null,
        "a number of seconds from 1 to 3600");

    public static Command Create() => Operation.Command(
        "reconcile",
        "compare the positions table with what the desks hold, and correct them",
        [s_desk, s_fix, s_settle],
        (operation, cancellationToken) => MonitorDatabase.IsCluster(operation.Configuration)
            ? RunInClusterAsync(operation, cancellationToken)
            : In(operation).RunAsync(operation.Arguments.GetValue(s_desk), operation.Arguments.GetValue(s_fix), cancellationToken));

    /// <exception cref="UsageException">There are differences and they are not to be corrected, or it cannot be compared now.</exception>
    public async Task RunAsync(string? desk, bool fix, CancellationToken cancellationToken)
    {
        var (began, at, request) = (clock.GetTimestamp(), clock.GetUtcNow(), $"req_{Guid.NewGuid():N}");
        var outcome = "ok";
        try
        {
            using var table = Open();
            var found = await CompareAsync(table, desk, cancellationToken);
            if (!fix)
            {
                if (found.Differences.Count > 0)
                {
                    throw new UsageException($"{Count(found.Differences.Count, "difference")}; ./run reconcile --fix corrects them", UsageException.NotPossible);
                }

                return;
            }

            await FixAsync(table, found, desk, at, request, cancellationToken);
        }
        catch (UsageException)
        {
            outcome = "conflict";
            throw;
        }
        catch (Exception)
        {
            outcome = "internal";
            throw;
        }
        finally
        {
            await audit.AddAsync([Entry(desk, fix, at, outcome, request, clock.GetElapsedTime(began))], cancellationToken);
        }
    }

    private static ReconcileCommand In(Operation operation)
    {
        var outbox = operation.Configuration.GetSection(OutboxFeedOptions.Section).Get<OutboxFeedOptions>() ?? new OutboxFeedOptions();
        var database = operation.Database;
        return new ReconcileCommand(
            database.Get<IDeskHoldings>(),
            new FeedRecords(database.Get<IGrainStateStore>()),
            database.Get<IAuditLog>(),
            HostSettings.PositionsPathIn(operation.Data),
            outbox.Topic,
            TimeProvider.System,
            operation.Output);
    }

    private PositionsTable Open()
    {
        try
        {
            return PositionsTable.Open(positionsPath, feed);
        }
        catch (InvalidOperationException problem)
        {
            throw new UsageException(problem.Message, UsageException.NotPossible);
        }
    }

    /// <summary>
    /// The order makes it exact: what the feed has stored as done is in the desks; desks are read after that; the table is read last, with what changed since.
    /// A position without a change since then is in the desks as the table has it, or differs.
    /// </summary>
    private async Task<Compared> CompareAsync(PositionsTable table, string? desk, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var record = await feeds.ReadAsync(feed, cancellationToken);
            if (record.Snapshot.IsBuilding || record.DesksToNotify.Count > 0)
            {
                throw new UsageException("a snapshot of the table is being read; wait until the feed no longer says building", UsageException.NotPossible);
            }

            var from = NextOf(record);
            var holdings = await desks.ReadAsync(null, cancellationToken);
            if (desk is not null && holdings.All(holding => holding.Desk != desk))
            {
                throw new UsageException($"there is no desk {VisibleText.Quoted(desk)}; names are compared exactly", UsageException.NotPossible);
            }

            var image = table.Read(from);
            if (image.FirstKept > from && attempt < 10)
            {
                // Entries since then were applied and removed already, so what changed since is not known. Begin at a later place.
                continue;
            }

            if (image.FirstKept > from)
            {
                throw new UsageException($"the log of {positionsPath} begins at {image.FirstKept}, and the monitor is at {from}: start the monitor, which then reads the whole table", UsageException.NotPossible);
            }

            return await SayAsync(image, holdings, from, desk);
        }
    }

    private async Task<Compared> SayAsync(TableImage image, IReadOnlyList<DeskHolding> holdings, long from, string? desk)
    {
        var differences = BookComparison.Of(image.Rows, holdings, feed, id => image.Changed.Contains(id) || image.Unreadable.ContainsKey(id), desk);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"compared {Count(image.Rows.Count, "row")} of {positionsPath} with {Count(holdings.Count, "desk")}, as of entry {from - 1} of its log ({image.Log}, which ends at {image.Through})"));
        foreach (var holding in holdings.Where(holding => holding.Problem is not null && (desk is null || holding.Desk == desk)))
        {
            await output.WriteLineAsync($"not compared: {VisibleText.Quoted(holding.Desk)} cannot be read ({VisibleText.Escaped(holding.Problem!)}); repair it with ./run desks repair");
        }

        foreach (var (id, reason) in image.Unreadable)
        {
            await output.WriteLineAsync($"not compared: the row of {VisibleText.Quoted(id)} cannot be read ({VisibleText.Escaped(reason)})");
        }

        if (image.Changed.Count > 0)
        {
            await output.WriteLineAsync($"not compared: {Count(image.Changed.Count, "position")} with changes that the monitor has not stored as done");
        }

        foreach (var difference in differences)
        {
            await output.WriteLineAsync(difference.Text);
        }

        if (differences.Count == 0)
        {
            await output.WriteLineAsync("no differences");
        }

        return new Compared(differences, image, holdings);
    }

    private async Task FixAsync(PositionsTable table, Compared found, string? desk, DateTimeOffset at, string request, CancellationToken cancellationToken)
    {
        var mark = $"{PositionsTable.CorrectionPrefix}{request}";
        var corrections = found.Differences.Select(difference => new TableCorrection(difference.PositionId, difference.WrongDesk)).Distinct().ToList();
        if (corrections.Count > 0)
        {
            var last = table.Correct(mark, corrections);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Count(corrections.Count, "correction")} written to the log, up to entry {last}, as transaction {mark}"));
            await IsAppliedAsync(last, cancellationToken);
        }

        // Positions that change meanwhile follow their changes; what is doubtful of them is settled by these.
        var after = desk is null && corrections.Count == 0 ? found : await CompareAsync(table, desk, cancellationToken);
        if (after.Differences.Count > 0)
        {
            throw new UsageException($"{Count(after.Differences.Count, "difference")} left; run it again, and look at the dead letters", UsageException.NotPossible);
        }

        await EndUnprovenAsync(after, desk, at, cancellationToken);
    }

    private async Task IsAppliedAsync(long entry, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (NextOf(await feeds.ReadAsync(feed, cancellationToken)) <= entry)
        {
            if (clock.GetElapsedTime(began) > s_timeout)
            {
                throw new UsageException("the corrections are in the log and were not applied yet: start the monitor, or see what keeps it from applying changes, and run reconcile --fix again", UsageException.NotPossible);
            }

            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    /// <summary>Removes the doubts that the comparison has settled: those from before it, about what was compared.</summary>
    private async Task EndUnprovenAsync(Compared compared, string? desk, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var broken = compared.Holdings.Where(holding => holding.Problem is not null).Select(holding => holding.Desk).ToHashSet(StringComparer.Ordinal);
        var (left, hasEnded) = (0, false);
        await feeds.ChangeAsync(
            feed,
            record =>
            {
                var unproven = record.Unproven.Where(doubt => !IsSettled(doubt)).ToList();
                (left, hasEnded) = (unproven.Count, unproven.Count < record.Unproven.Count);
                return hasEnded ? record with { Unproven = unproven } : record;
            },
            cancellationToken);
        await output.WriteLineAsync(
            hasEnded ? $"unproven has ended for what was compared; {Count(left, "doubt")} left. A running monitor says so within seconds"
            : left == 0 ? "the feed has no doubt"
            : $"{Count(left, "doubt")} of the feed left, about what was not compared");

        bool IsSettled(UnprovenMark doubt) =>
            doubt.At <= at
            && (desk is null ? !broken.Overlaps(doubt.Desks) : doubt.Desks.Count > 0 && doubt.Desks.All(name => name == desk) && !broken.Contains(desk))
            && (doubt.PositionId is not { Length: > 0 } position || !compared.Image.Unreadable.ContainsKey(position));
    }

    /// <exception cref="UsageException">The monitor has stored nothing yet.</exception>
    private static long NextOf(FeedRecord record) => record.Partitions is [var partition, ..]
        ? partition.NextOffset
        : throw new UsageException("the monitor has read nothing of this table yet; start it once", UsageException.NotPossible);

    private static AuditEntry Entry(string? desk, bool fix, DateTimeOffset at, string outcome, string request, TimeSpan took) => new(
        at, MonitorDatabase.Caller, null, "cli", "reconcile", null, null, outcome, request, took, JsonSerializer.Serialize(new { desk, fix }), desk);

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private sealed record Compared(IReadOnlyList<BookDifference> Differences, TableImage Image, IReadOnlyList<DeskHolding> Holdings);
}
