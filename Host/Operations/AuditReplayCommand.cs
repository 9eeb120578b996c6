using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Writes the messages of an alert again from the journal of its desk, and shows that they are those that were sent.</summary>
internal sealed class AuditReplayCommand(IAlertQueries alerts, IDeliveryLog deliveries, IJournalReplay journal, IEvidenceLog evidence, TextWriter output)
{
    private const int MostDeliveries = 1_000;

    private static readonly Argument<string> s_alert = AuditOptions.Alert();
    private static readonly Option<bool> s_bodies = CommandOption.Switch("--bodies", "show the messages themselves");

    public static Command Create() => Operation.Command(
        "replay",
        "write an alert's messages again from the journal and compare them byte for byte with those sent; exit code 3 where they differ",
        [s_bodies, AuditOptions.Json],
        (operation, cancellationToken) => In(operation.Database, operation.Output).RunAsync(operation.Arguments, cancellationToken),
        operand: s_alert);

    public static AuditReplayCommand In(MonitorDatabase database, TextWriter output) => new(
        database.Get<IAlertQueries>(), database.Get<IDeliveryLog>(), database.Get<IJournalReplay>(), database.Get<IEvidenceLog>(), output);

    /// <exception cref="UsageException">There is no such alert, its desk cannot be computed, or a message is another one.</exception>
    public async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (alert, _) = await AuditOptions.FindAsync(alerts, arguments, s_alert, cancellationToken);
        var reports = new List<EpisodeReport>();
        var reach = await ComputeAsync(alert, reports, cancellationToken);
        var page = await deliveries.ListAsync(new DeliveryFilter(alert.AlertId), null, MostDeliveries, cancellationToken);
        var entries = await evidence.AboutAsync($"{alert.AlertId:D}", cancellationToken);
        var recorded = RecordedHashes(entries);
        var analyses = RecordedAnalyses(entries);
        var payloads = new PayloadReplay(AlertDocument.WebhookBody).Replay(alert, reports, page.Deliveries, analyses)
            .Select(payload => WithEvidence(payload, recorded.GetValueOrDefault(payload.DeliveryId))).ToList();
        await (arguments.GetValue(AuditOptions.Json)
            ? WriteJsonAsync(alert, reports, reach, payloads)
            : WriteAsync(alert, reports, reach, payloads, arguments.GetValue(s_bodies)));
        var differing = payloads.Count(payload => payload.Problem is not null);
        if (differing > 0)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{differing} of {payloads.Count} messages could not be shown to be the same"), UsageException.NotAsRecorded);
        }
    }

    private async Task<ReplayReach> ComputeAsync(Alert alert, List<EpisodeReport> reports, CancellationToken cancellationToken)
    {
        try
        {
            var reach = await journal.ReplayAsync(
                alert.Desk, alert.Report.Sequence, some => reports.AddRange(some.Where(report => report.Episode.AlertId == alert.AlertId)), cancellationToken);
            return reach ?? throw new UsageException($"desk {VisibleText.Quoted(alert.Desk)} has no journal", UsageException.NotPossible);
        }
        catch (DeskUnreadableException unreadable)
        {
            throw new UsageException(unreadable.Message, UsageException.NotPossible);
        }
    }

    /// <summary>The hash of what was sent, by delivery, as the evidence has it.</summary>
    private static Dictionary<string, string?> RecordedHashes(IReadOnlyList<EvidenceEntry> entries)
    {
        var hashes = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry is { Kind: EvidenceKinds.Delivery, IsSound: true }))
        {
            using var document = JsonDocument.Parse(entry.Document);
            if (document.RootElement.GetProperty("row") is { ValueKind: JsonValueKind.Object } row && row.GetProperty("delivery_id").GetString() is { } deliveryId)
            {
                hashes[deliveryId] = document.RootElement.GetProperty("payload_sha256").GetString() ?? hashes.GetValueOrDefault(deliveryId);
            }
        }

        return hashes;
    }

    /// <summary>The analyst's answer to each revision.</summary>
    private static Dictionary<int, RecordedAnalysis> RecordedAnalyses(IReadOnlyList<EvidenceEntry> entries)
    {
        var analyses = new Dictionary<int, RecordedAnalysis>();
        foreach (var entry in entries.Where(entry => entry.IsSound))
        {
            using var document = JsonDocument.Parse(entry.Document);
            if (document.RootElement.TryGetProperty("analysis", out var analysis))
            {
                var revision = document.RootElement.GetProperty("events").EnumerateArray().First(step => step.GetProperty("kind").GetString() == "analysed").GetProperty("revision").GetInt32();
                analyses[revision] = new RecordedAnalysis(
                    new Analysis(analysis.GetProperty("text").GetString()!, analysis.GetProperty("json").GetString()!, analysis.GetProperty("source").GetString()!),
                    new DateTimeOffset(analysis.GetProperty("at").GetInt64(), TimeSpan.Zero));
            }
        }

        return analyses;
    }

    private static ReplayedPayload WithEvidence(ReplayedPayload payload, string? recorded) => payload with
    {
        RecordedSha256 = recorded,
        Problem = payload.Problem ?? (recorded is not null && recorded != payload.Sha256 ? $"the evidence says that a message of the hash {recorded} was sent" : null),
    };

    private async Task WriteAsync(Alert alert, List<EpisodeReport> reports, ReplayReach reach, List<ReplayedPayload> payloads, bool bodies)
    {
        var cause = alert.Episode.Cause;
        await output.SayAsync($"alert {alert.AlertId:D} of desk {VisibleText.Quoted(alert.Desk)}, caused by {cause.Kind.ToString().ToLowerInvariant()} {cause.Delivery}");
        var computed = reports.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"the journal has no record of it: it begins with record {reach.First}{(reach.First > 1 ? "; those before are gone (retention)" : "")}")
            : string.Create(CultureInfo.InvariantCulture, $"computed from the records {reach.First} to {reach.Last} of the journal; records {string.Join(", ", reports.Select(report => report.Sequence))} report the breach");
        var input = alert.Analysis is { } analysis ? $"the analysis is an input: written by {analysis.Source}, SHA-256 {AnalysisHash(analysis)}" : "there is no analysis yet";
        await output.SayAsync($"{computed}");
        await output.SayAsync($"{input}");
        var table = new TextTable("delivery", "endpoint", "type", "revision", "record", "sha256 of what was sent", "in evidence", "result");
        foreach (var payload in payloads)
        {
            table.Add(
                payload.DeliveryId,
                payload.Endpoint,
                payload.Kind,
                payload.Revision.ToString(CultureInfo.InvariantCulture),
                payload.Record?.ToString(CultureInfo.InvariantCulture) ?? "-",
                payload.Sha256 ?? "-",
                payload.RecordedSha256 is null ? "no" : payload.RecordedSha256 == payload.Sha256 ? "yes" : "another hash",
                payload.Problem ?? "the same, byte for byte");
        }

        await output.WriteLineAsync(payloads.Count == 0 ? "no message was written for it" : table.ToString());
        foreach (var payload in payloads.Where(payload => bodies && payload.Body is not null))
        {
            await output.SayAsync($"{payload.DeliveryId}, computed: {payload.Body}");
            if (payload.StoredBody is not null && payload.StoredBody != payload.Body)
            {
                await output.SayAsync($"{payload.DeliveryId}, stored: {payload.StoredBody}");
            }
        }
    }

    private async Task WriteJsonAsync(Alert alert, List<EpisodeReport> reports, ReplayReach reach, List<ReplayedPayload> payloads) => await output.WriteLineAsync(AuditOptions.ToJson(json =>
    {
        json.WriteString("alert_id", alert.AlertId);
        json.WriteString("desk", alert.Desk);
        json.WriteBoolean("same", payloads.TrueForAll(payload => payload.Problem is null));
        json.WriteNumber("first_record", reach.First);
        json.WriteNumber("last_record", reach.Last);
        json.WriteStartArray("records");
        reports.ForEach(report => json.WriteNumberValue(report.Sequence));
        json.WriteEndArray();
        json.WriteString("analysis_source", alert.Analysis?.Source);
        json.WriteString("analysis_sha256", alert.Analysis is { } analysis ? AnalysisHash(analysis) : null);
        json.WriteStartArray("messages");
        foreach (var payload in payloads)
        {
            json.WriteStartObject();
            json.WriteString("delivery_id", payload.DeliveryId);
            json.WriteString("endpoint", payload.Endpoint);
            json.WriteString("type", payload.Kind);
            json.WriteNumber("revision", payload.Revision);
            AuditOptions.WriteNumber(json, "record", payload.Record);
            json.WriteBoolean("same", payload.Problem is null);
            json.WriteString("sha256", payload.Sha256);
            json.WriteString("evidence_sha256", payload.RecordedSha256);
            json.WriteString("computed", payload.Body);
            json.WriteString("stored", payload.StoredBody);
            json.WriteString("problem", payload.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    private static string AnalysisHash(Analysis analysis) => AlertDocument.Sha256Of($"{analysis.Source}\n{analysis.Text}\n{analysis.Json}");
}
