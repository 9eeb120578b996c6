using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage;

namespace RiskMonitor.Host.Operations;

/// <summary>
/// Finds desks that cannot be read and repairs them, whether or not a host is running on the same data; a running one takes a repaired desk up
/// within seconds.
/// </summary>
/// <param name="data">The data directory; back-ups go there.</param>
/// <param name="feed">The feed's name; null in a cluster where it is not configured.</param>
/// <param name="outbox">The table that can be read anew; null in a cluster, whose feed is a topic.</param>
internal sealed class DesksCommand(
    IDeskRepair repair, FeedRecords feeds, IAuditLog audit, string data, string? feed, OutboxFeedOptions? outbox, TimeProvider clock, TextWriter output)
{
    private static readonly Option<string> s_checked = CommandOption.Text("--desk", "NAME", "only this one");
    private static readonly Option<string> s_repaired = CommandOption.Text("--desk", "NAME", "the desk (needed)");

    public static Command Create()
    {
        var command = Operation.Command("desks", "show the desks that cannot be read, and repair them; alone it is desks check", [s_checked], Check);
        command.Add(Operation.Command("check", "show the desks that cannot be read", [s_checked], Check));
        command.Add(Operation.Command(
            "repair",
            "build a desk that cannot be read anew from what can, and have its table read again",
            [s_repaired],
            (operation, cancellationToken) => In(operation).RepairAsync(operation.Arguments, cancellationToken)));
        return command;

        static Task Check(Operation operation, CancellationToken cancellationToken) => In(operation).CheckAsync(operation.Arguments, cancellationToken);
    }

    public async Task CheckAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var only = arguments.GetValue(s_checked);
        var checks = await repair.CheckAsync(only, cancellationToken);
        foreach (var check in checks.Where(check => !check.IsSound))
        {
            await output.WriteLineAsync($"{Safe(check.Desk)}: {Safe(check.Problem ?? "can be read")}{Unreadable(check)}");
        }

        var broken = checks.Count(check => !check.IsSound);
        await output.WriteLineAsync(
            checks.Count == 0 ? only is not null ? $"there is no desk '{Safe(only)}'; names are compared exactly" : "there are no desks yet"
            : broken == 0 ? string.Create(CultureInfo.InvariantCulture, $"all of {checks.Count} desks can be read")
            : string.Create(CultureInfo.InvariantCulture, $"{broken} of {checks.Count} desks cannot be read in full; ./run desks repair --desk NAME builds one anew from what can be read"));
    }

    public async Task RepairAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var desk = arguments.GetValue(s_repaired) is { Length: > 0 } named ? named : throw new UsageException("--desk is missing; ./run desks check names the desks that cannot be read");
        var name = feed ?? throw new UsageException($"{RoleSettings.TopicKey} is missing; it names the feed that is unproven for a repaired desk: set RiskMonitor__Kafka__Topic as for the processes of the cluster");
        var (began, at) = (clock.GetTimestamp(), clock.GetUtcNow());
        var check = (await repair.CheckAsync(desk, cancellationToken)) is [var found]
            ? found
            : throw new UsageException($"there is no desk '{Safe(desk)}'; names are compared exactly", UsageException.NotPossible);
        if (check.IsSound)
        {
            await output.WriteLineAsync($"{Safe(desk)} can be read; nothing was changed");
            return;
        }

        var backup = Path.Combine(data, "repairs", string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid():N}.jsonl"));
        DeskRepaired repaired;
        var outcome = "ok";
        try
        {
            if (check.Problem is not null)
            {
                // Mark before the figures change, so that they never look proven.
                await MarkUnprovenAsync(name, desk, at, cancellationToken);
            }

            repaired = await repair.RepairAsync(desk, CanReread ? name : null, rows => BackUpAsync(backup, rows, cancellationToken), cancellationToken);
        }
        catch (InvalidOperationException problem)
        {
            outcome = "conflict";
            throw new UsageException(problem.Message, UsageException.NotPossible);
        }
        catch (Exception)
        {
            outcome = "internal";
            throw;
        }
        finally
        {
            await audit.AddAsync([Entry(desk, at, outcome, clock.GetElapsedTime(began))], cancellationToken);
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Safe(desk)} is repaired: {repaired.Positions} positions, read up to record {repaired.ReadThrough}; lost: {repaired.LostRecords} records, {repaired.LostPositions} positions, {repaired.LostReports} reports"));
        await output.WriteLineAsync($"every row that was removed or replaced is in {backup}");
        if (check.Problem is not null)
        {
            await RereadAsync();
        }
    }

    private static DesksCommand In(Operation operation)
    {
        var (database, configuration) = (operation.Database, operation.Configuration);
        OutboxFeedOptions? outbox = null;
        if (!MonitorDatabase.IsCluster(configuration))
        {
            outbox = configuration.GetSection(OutboxFeedOptions.Section).Get<OutboxFeedOptions>() ?? new OutboxFeedOptions();
            outbox.Path = HostSettings.PositionsPathIn(operation.Data);
        }

        var feed = outbox?.Topic ?? configuration[RoleSettings.TopicKey];
        return new DesksCommand(
            database.Get<IDeskRepair>(),
            new FeedRecords(database.Get<IGrainStateStore>()),
            database.Get<IAuditLog>(),
            operation.Data,
            string.IsNullOrWhiteSpace(feed) ? null : feed,
            outbox,
            TimeProvider.System,
            operation.Output);
    }

    private bool CanReread => outbox is not null && File.Exists(outbox.Path);

    /// <summary>The monitor finds that a trigger is missing, makes it again, and writes the whole table to the outbox.</summary>
    private async Task RereadAsync()
    {
        if (!CanReread)
        {
            await output.WriteLineAsync("the feed is unproven for this desk until its source sends a full snapshot");
            return;
        }

        OutboxFeed.RequestSnapshot(outbox!.Path);
        await output.WriteLineAsync("the table is read anew by the running monitor, or at its next start; until then the desk is unproven and not judged");
    }

    private Task MarkUnprovenAsync(string name, string desk, DateTimeOffset at, CancellationToken cancellationToken) => feeds.ChangeAsync(
        name,
        record =>
        {
            var mark = new UnprovenMark(
                "a desk was repaired and may lack changes until the table has been read anew", null, [desk], null, at, record.Snapshot.Generation);
            return record with { Unproven = [.. record.Unproven, mark] };
        },
        cancellationToken);

    private static async Task BackUpAsync(string path, IReadOnlyList<RemovedRow> rows, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        foreach (var row in rows)
        {
            await JsonSerializer.SerializeAsync(file, new { table = row.Table, columns = row.Columns }, cancellationToken: cancellationToken);
            await file.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }

        file.Flush(flushToDisk: true);
    }

    private static AuditEntry Entry(string desk, DateTimeOffset at, string outcome, TimeSpan took) => new(
        at, MonitorDatabase.Caller, null, "cli", "repair_desk", null, null, outcome, $"req_{Guid.NewGuid():N}", took, JsonSerializer.Serialize(new { desk }), desk);

    private static string Unreadable(DeskCheck check) => check.UnreadableReports == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; {check.UnreadableReports} reports to alerts cannot be read");

    /// <summary>Replaces control characters, which a terminal would obey.</summary>
    private static string Safe(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
