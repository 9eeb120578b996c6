using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests;

/// <summary>Desks that trade and breach, as the domain makes them.</summary>
internal static class Samples
{
    public const string Feed = "positions_cdc";

    public static readonly DateTimeOffset Noon = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);

    public static RiskLimit Limit(string id, decimal threshold, string? desk = null, int version = 0) => new(
        id,
        "standard",
        desk is null ? LimitScope.Default : LimitScope.Desk,
        desk ?? "",
        RiskMetric.NetDelta,
        "intraday",
        threshold,
        RiskLimit.DefaultWarningRatio,
        RiskLimit.DefaultCureRatio,
        SeveritySteps.Default,
        null,
        null,
        null,
        version,
        "test",
        "tester");

    public static PositionChange Change(string desk, string positionId, decimal? delta, long offset) => new(
        new Delivery(Feed, 0, offset),
        positionId,
        new Position(positionId, "t-1", desk, "AAPL-CALL-175-20270115", 10.5000m, delta, new DateOnly(2026, 11, 3), "USD", Noon),
        new SourcePosition("binlog", 17, offset * 100, 0),
        $"gtid-{offset}",
        new SourceTime(Noon, true, Noon.AddMilliseconds(12)));

    public static PositionChange Deletion(string positionId, long offset) =>
        new(new Delivery(Feed, 0, offset), positionId, null, new SourcePosition("binlog", 17, offset * 100, 0), null, null);

    public static ChangesInput Changes(DateTimeOffset at, params IReadOnlyList<PositionChange> changes) =>
        new(at, Feed, changes, default, FeedState.Live, at);

    /// <summary>A desk that has a limit of 1,000: a position above that breaches.</summary>
    public static JournalRecord FirstRecord(DeskRisk desk, DateTimeOffset? at = null) =>
        Record(desk, at ?? Noon, new LimitsInput(at ?? Noon, new LimitSet(1, AlertingScope.Default, [Limit("house", 1_000m)])));

    public static JournalRecord Record(DeskRisk desk, DateTimeOffset at, params IReadOnlyList<DeskInput> inputs)
    {
        var step = new DeskStep();
        foreach (var input in inputs)
        {
            desk.Apply(input, step);
        }

        return desk.Seal(step, at);
    }

    /// <summary>A trade of the desk's one position; above 1,000 it breaches.</summary>
    public static JournalRecord Trade(DeskRisk desk, decimal? delta, DateTimeOffset? at = null, string positionId = "p-1") =>
        Record(desk, at ?? Noon, Changes(at ?? Noon, Change(desk.Desk, positionId, delta, desk.Sequence + 1)));

    /// <summary>Everything that changed of a desk since it was empty.</summary>
    public static DeskFold Fold(DeskRisk desk, long foldedBefore = 0, params IReadOnlyList<string> removed) =>
        new(foldedBefore, desk.Checkpoint(), [.. desk.Positions], removed);

    public static EpisodeReport Breach(string desk, decimal delta = 1_700m)
    {
        var risk = new DeskRisk(desk);
        FirstRecord(risk);
        return Trade(risk, delta).Outbox.Single();
    }

    public static Alert Alert(string desk, DateTimeOffset? openedAt = null, AlertStatus status = AlertStatus.PendingAnalysis, Func<Episode, Episode>? change = null)
    {
        var report = Breach(desk);
        var episode = report.Episode with { AlertId = Guid.NewGuid(), OpenedAt = openedAt ?? Noon };
        episode = change is null ? episode : change(episode);
        return new Alert
        {
            AlertId = episode.AlertId,
            RequestId = AlertIdentity.RequestId(desk, episode.Cause),
            TraceId = AlertIdentity.TraceId(desk, episode.Cause),
            Report = report with { Episode = episode },
            Status = status,
            Receipt = new LatencyReceipt(episode.Cause.Time, episode.Cause.IngestedAt, Noon, null, null, null),
            NextAttemptAt = Noon,
        };
    }
}
