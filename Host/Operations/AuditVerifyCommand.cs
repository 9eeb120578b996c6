using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Checks the chains of evidence and what they say of the tables, whether or not a host is running on the same data.</summary>
internal sealed class AuditVerifyCommand(IEvidenceLog evidence, TextWriter output)
{
    private static readonly Option<string[]> s_head = CommandOption.Repeatable(
        "--head", "CHAIN:SEQUENCE:HASH", "a head that the log has shown; the chain must still contain it");

    private static readonly Option<DateTimeOffset?> s_upgraded = AuditOptions.Instant(
        "--upgraded", "when the last program ended that keeps no evidence; what it wrote is counted, not judged (default: when the first chain began; of a cluster an hour later)");

    public static Command Create() => Operation.Command(
        "verify",
        "find what was changed, removed, inserted or reordered beside the product; exit code 3 where something was",
        [s_head, s_upgraded, AuditOptions.Json],
        (operation, cancellationToken) => new AuditVerifyCommand(operation.Database.Get<IEvidenceLog>(), operation.Output).RunAsync(operation.Arguments, cancellationToken));

    /// <exception cref="UsageException">Something is not as it was written.</exception>
    public async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var seen = (arguments.GetValue(s_head) ?? []).Select(text => EvidenceHead.Parse(text)
            ?? throw new UsageException($"--head is '{text}'; give CHAIN:SEQUENCE:HASH, as the log shows it behind \"Evidence head\"")).ToList();
        var check = await evidence.VerifyAsync(seen, arguments.GetValue(s_upgraded), cancellationToken);
        await (arguments.GetValue(AuditOptions.Json) ? WriteJsonAsync(check) : WriteAsync(check, seen));
        if (!check.IsClean)
        {
            throw new UsageException($"the evidence does not hold: {check.FindingCount.ToString(CultureInfo.InvariantCulture)} findings", UsageException.NotAsRecorded);
        }
    }

    private async Task WriteAsync(EvidenceCheck check, List<EvidenceHead> seen)
    {
        if (check.Began is { } began)
        {
            await WriteCheckedAsync(check, began);
        }
        else
        {
            await output.SayAsync($"there is no evidence: nothing was written since this version keeps it, or it was removed");
        }

        if (!check.IsClean)
        {
            await WriteFindingsAsync(check);
        }
        else if (check.Began is not null)
        {
            var heads = seen.Count == 0
                ? "give the heads that the log has shown with --head, so that an end that was cut off shows, too"
                : string.Create(CultureInfo.InvariantCulture, $"and the {seen.Count} heads given are in their chains");
            await output.SayAsync($"clean; {heads}");
        }
    }

    private async Task WriteCheckedAsync(EvidenceCheck check, DateTimeOffset began)
    {
        await output.SayAsync($"{check.Entries} entries in {check.Chains.Count} chains since {AlertDocument.Time(began)}");
        if (check.PrunedBefore is { } pruned)
        {
            await output.SayAsync($"entries before {AlertDocument.Time(pruned)} were removed by retention; the chains verify from there");
        }

        var chains = new TextTable("head", "from", "first", "last");
        foreach (var chain in check.Chains)
        {
            chains.Add($"{chain.Head}", chain.From.ToString(CultureInfo.InvariantCulture), AlertDocument.Time(chain.FirstAt), AlertDocument.Time(chain.LastAt));
        }

        await output.WriteLineAsync(chains.ToString());
        var tables = new TextTable("table", "rows checked", "before the chain began");
        foreach (var table in check.Rows.Keys.Union(check.RowsBefore.Keys).Order(StringComparer.Ordinal))
        {
            tables.Add(table, Count(check.Rows, table), Count(check.RowsBefore, table));
        }

        await output.WriteLineAsync(tables.ToString());
    }

    private async Task WriteFindingsAsync(EvidenceCheck check)
    {
        var findings = new TextTable("problem", "entry", "table", "about", "detail");
        foreach (var finding in check.Findings)
        {
            findings.Add(
                finding.Problem,
                finding.Chain is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{finding.Chain}:{finding.Sequence}"),
                finding.Table ?? "evidence",
                finding.Subject ?? "-",
                finding.Detail);
        }

        await output.WriteLineAsync(findings.ToString());
    }

    private async Task WriteJsonAsync(EvidenceCheck check) => await output.WriteLineAsync(AuditOptions.ToJson(json =>
    {
        json.WriteBoolean("clean", check.IsClean);
        json.WriteNumber("entries", check.Entries);
        AuditOptions.WriteTime(json, "began", check.Began);
        AuditOptions.WriteTime(json, "pruned_before", check.PrunedBefore);
        json.WriteStartArray("chains");
        foreach (var chain in check.Chains)
        {
            json.WriteStartObject();
            json.WriteString("head", $"{chain.Head}");
            json.WriteNumber("from", chain.From);
            AuditOptions.WriteTime(json, "first_at", chain.FirstAt);
            AuditOptions.WriteTime(json, "last_at", chain.LastAt);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCounts(json, "rows_checked", check.Rows);
        WriteCounts(json, "rows_before", check.RowsBefore);
        json.WriteNumber("finding_count", check.FindingCount);
        json.WriteStartArray("findings");
        foreach (var finding in check.Findings)
        {
            json.WriteStartObject();
            json.WriteString("problem", finding.Problem);
            json.WriteString("chain", finding.Chain);
            AuditOptions.WriteNumber(json, "sequence", finding.Sequence);
            json.WriteString("table", finding.Table);
            json.WriteString("subject", finding.Subject);
            json.WriteString("detail", finding.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (table, count) in counts.OrderBy(table => table.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(table, count);
        }

        json.WriteEndObject();
    }

    private static string Count(IReadOnlyDictionary<string, long> counts, string table) => counts.GetValueOrDefault(table).ToString(CultureInfo.InvariantCulture);
}
