using System.CommandLine;
using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Computes the breaches of a span of time again from the journals, and shows that each has its alert.</summary>
internal sealed class AuditCompletenessCommand(IJournalReplay journal, IDeskJournalReader desks, IAlertQueries alerts, TimeProvider clock, TextWriter output)
{
    private const int PageSize = 500;
    private const int MostUnsent = 100_000;

    private static readonly Option<DateTimeOffset?> s_from = AuditOptions.Instant("--from", "the first instant; needed");
    private static readonly Option<DateTimeOffset?> s_to = AuditOptions.Instant("--to", "the first instant behind the span (default: now)");

    public static Command Create() => Operation.Command(
        "completeness",
        "compute the breaches again from the journal and compare them with the alerts; exit code 3 where they differ",
        [s_from, s_to, AuditOptions.Json],
        (operation, cancellationToken) => In(operation.Database, operation.Output).RunAsync(operation.Arguments, cancellationToken));

    public static AuditCompletenessCommand In(MonitorDatabase database, TextWriter output) => new(
        database.Get<IJournalReplay>(), database.Get<IDeskJournalReader>(), database.Get<IAlertQueries>(), database.Get<TimeProvider>(), output);

    /// <exception cref="UsageException">Breaches and alerts differ.</exception>
    public async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var from = arguments.GetValue(s_from) ?? throw new UsageException("--from is missing; give the beginning of the span, such as --from 2027-01-04T00:00:00Z");
        var to = arguments.GetValue(s_to) ?? clock.GetUtcNow();
        if (to <= from)
        {
            throw new UsageException("--to is not behind --from; give a later time");
        }

        var comparison = new BreachComparison(from, to);
        var computed = new List<ComputedDesk>();
        foreach (var desk in (await desks.DesksAsync(cancellationToken)).Select(head => head.Desk).Order(StringComparer.Ordinal))
        {
            computed.Add(await ComputeAsync(desk, comparison, cancellationToken));
        }

        var unsent = (await desks.UnsentAsync(null, null, MostUnsent, cancellationToken)).Reports;
        await AddAlertsAsync(comparison, from, to, cancellationToken);

        // Reports that arrived between the two reads are no difference: their alerts are there.
        foreach (var report in unsent)
        {
            comparison.Waits(report);
        }

        var result = new Result(from, to, comparison.Breaches, comparison.Alerts, computed, comparison.Differences);
        await (arguments.GetValue(AuditOptions.Json) ? WriteJsonAsync(result) : WriteAsync(result));
        if (result.Unexplained > 0 || result.Unreadable > 0)
        {
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"breaches and alerts differ in {result.Unexplained} places, and {result.Unreadable} desks cannot be computed"), UsageException.NotAsRecorded);
        }
    }

    private async Task<ComputedDesk> ComputeAsync(string desk, BreachComparison comparison, CancellationToken cancellationToken)
    {
        try
        {
            var reach = await journal.ReplayAsync(desk, null, comparison.Add, cancellationToken);
            if (reach is not null)
            {
                comparison.Computed(desk, reach.From, reach.Last);
            }

            return new ComputedDesk(desk, reach, null);
        }
        catch (DeskUnreadableException unreadable)
        {
            return new ComputedDesk(desk, null, unreadable.Message);
        }
    }

    private async Task AddAlertsAsync(BreachComparison comparison, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        AlertCursor? after = null;
        do
        {
            var page = await alerts.ListAsync(new AlertFilter { OpenedFrom = from, OpenedTo = to, IncludeTransient = true }, after, PageSize, cancellationToken);
            foreach (var alert in page.Alerts)
            {
                comparison.Add(alert);
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private async Task WriteAsync(Result result)
    {
        await output.SayAsync(
            $"from {AlertDocument.Time(result.From)} to {AlertDocument.Time(result.To)}: {result.Breaches} breaches computed from the journals of {result.Desks.Count} desks, {result.Alerts} alerts");
        foreach (var desk in result.Desks.Where(desk => desk.Problem is not null))
        {
            await output.SayAsync($"desk {VisibleText.Quoted(desk.Desk)} cannot be computed: {desk.Problem}");
        }

        foreach (var desk in result.Desks.Where(desk => desk.Reach is { } reach && reach.From > result.From))
        {
            var gone = desk.Reach!.From == DateTimeOffset.MaxValue
                ? "its journal was replaced by a repair, so nothing can be computed"
                : $"the journal from before {AlertDocument.Time(desk.Reach.From)} is gone (retention), so breaches before it are not computed";
            await output.SayAsync($"desk {VisibleText.Quoted(desk.Desk)}: {gone}");
        }

        if (result.Differences.Count == 0)
        {
            await output.SayAsync($"breaches minus alerts is empty, and so is alerts minus breaches");
            return;
        }

        var table = new TextTable("what", "desk", "opened", "alert", "record", "detail");
        foreach (var difference in result.Differences)
        {
            table.Add(
                difference.Kind, difference.Desk, AlertDocument.Time(difference.OpenedAt), $"{difference.AlertId:D}",
                difference.Sequence.ToString(CultureInfo.InvariantCulture), difference.Detail);
        }

        await output.WriteLineAsync(table.ToString());
    }

    private async Task WriteJsonAsync(Result result) => await output.WriteLineAsync(AuditOptions.ToJson(json =>
    {
        json.WriteBoolean("complete", result.Unexplained == 0 && result.Unreadable == 0);
        AuditOptions.WriteTime(json, "from", result.From);
        AuditOptions.WriteTime(json, "to", result.To);
        json.WriteNumber("breaches", result.Breaches);
        json.WriteNumber("alerts", result.Alerts);
        json.WriteStartArray("desks");
        foreach (var desk in result.Desks)
        {
            json.WriteStartObject();
            json.WriteString("desk", desk.Desk);
            AuditOptions.WriteNumber(json, "first_record", desk.Reach?.First);
            AuditOptions.WriteTime(json, "computed_from", desk.Reach is { } reach && reach.From > DateTimeOffset.MinValue && reach.From < DateTimeOffset.MaxValue ? reach.From : null);
            json.WriteString("problem", desk.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var difference in result.Differences)
        {
            json.WriteStartObject();
            json.WriteString("kind", difference.Kind);
            json.WriteString("desk", difference.Desk);
            json.WriteString("alert_id", difference.AlertId);
            json.WriteNumber("record", difference.Sequence);
            AuditOptions.WriteTime(json, "opened_at", difference.OpenedAt);
            json.WriteString("detail", difference.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    private sealed record ComputedDesk(string Desk, ReplayReach? Reach, string? Problem);

    private sealed record Result(
        DateTimeOffset From, DateTimeOffset To, int Breaches, int Alerts, IReadOnlyList<ComputedDesk> Desks, IReadOnlyList<BreachDifference> Differences)
    {
        public int Unexplained => Differences.Count(difference => difference.Kind != BreachDifference.OnItsWay);

        public int Unreadable => Desks.Count(desk => desk.Problem is not null);
    }
}
