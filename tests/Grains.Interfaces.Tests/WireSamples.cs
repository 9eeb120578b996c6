using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>Values of everything that crosses the wire: some filled to the last member, some as empty as they can be, some with more than ASCII.</summary>
internal static class WireSamples
{
    private const string Desk = "債券/Zürich 🏦";
    private static readonly DateTimeOffset At = DateTimeOffset.Parse("2026-11-20T09:30:15.1234567+09:00", CultureInfo.InvariantCulture);
    private static readonly Delivery Delivery = new("positions_cdc", 3, 9_000_000_000);
    private static readonly FeedPartition Partition = new("positions_cdc", 3);
    private static readonly SourcePosition Source = new("mysql-bin", 123, 4_567_890_123, 2);
    private static readonly SourceTime Time = new(At, true, At.AddMilliseconds(12));

    private static readonly Position Position = new(
        "POS-1", "trader-é", Desk, "AAPL-CALL-175-20270115", -1234.5000m, 99_999_999_999_999.9999m, new DateOnly(2026, 5, 2), "USD", At);

    private static readonly PositionChange Held = new(Delivery, "POS-1", Position, Source, "3e11fa47-71ca-11e1-9e33-c80aa9429562:23", Time);
    private static readonly PositionChange Left = new(new Delivery("t", 0, 0), "", null, null, null, null);
    private static readonly CompletedSnapshot Completed = new(4, Delivery);
    private static readonly SnapshotProgress Snapshot = new(5, Completed);
    private static readonly Totals Totals = new(10.5000m, -7.25m, 12, 1);
    private static readonly Group Group = new("trader-é", Units.Mixed, Totals);
    private static readonly TotalsLeaf Leaf = new("trader-é", "USD", Totals, null);
    private static readonly EpisodeKey Key = new(RiskMetric.GrossDelta, "intraday", "standard");
    private static readonly BreachCause Cause = new(CauseKind.Snapshot, Delivery, "POS-1", Source, "gtid", Time, At);

    private static readonly RiskLimit Limit = new(
        "desk-1", "standard", LimitScope.Desk, Desk, RiskMetric.GrossDelta, "intraday", 1_000_000.00m, 0.8m, 0.95m, new SeveritySteps(0.2m, 0.50m),
        "EUR", At, At.AddDays(1), 7, "année nouvelle", "admin");

    private static readonly RiskLimit BareLimit = new(
        "default", "standard", LimitScope.Default, "", RiskMetric.NetDelta, "intraday", 0, 0, 0, default, null, null, null, 1, "", "");

    private static readonly Episode Cured = new()
    {
        Key = Key,
        Number = 3,
        AlertId = Guid.Parse("6f1c2f0e-5d0b-5c8e-9a4e-7b1f3d2c9a10"),
        OpenedAt = At,
        OpenedValue = 1_000_001m,
        Cause = Cause,
        Limit = new LimitReference("desk-1", 7),
        Value = 1_600_000.1230m,
        Unit = "EUR",
        Threshold = 1_000_000m,
        Severity = Severity.Critical,
        Revision = 2,
        PeakValue = -1_700_000m,
        PeakAt = At.AddSeconds(1),
        CuredAt = At.AddSeconds(2),
        CureReason = CureReason.Incomplete,
        Transient = true,
    };

    private static readonly Episode Open = Cured with
    {
        Cause = new BreachCause(CauseKind.Limit, null, null, null, null, null, null),
        CuredAt = null,
        CureReason = null,
        Transient = false,
    };

    private static readonly BreachContext Context = new(Totals, [Group], [Group, Group with { Key = "2" }], [], At);
    private static readonly LimitSet Limits = new(8, new AlertingScope("standard", "intraday"), [Limit, BareLimit]);
    private static readonly DeskBreakdown Breakdown = new([Leaf], [Leaf, Leaf with { Currency = "EUR" }], [Leaf with { Quantity = -1234.5000m }]);
    private static readonly PartitionRecord Progress = new(Partition, 9_000_000_001, Source, At, true, true, 9_000_000_000, long.MinValue, 2);
    private static readonly DeletedPosition Deleted = new("POS-2", Source, 4);
    private static readonly UnprovenMark Mark = new("unreadable: ✗", "POS-1", [Desk, "FX"], Delivery, At);

    private static readonly DeskDoubt Doubt = new(Desk, "its journal cannot be replayed");

    /// <summary>All samples, by the name of their type.</summary>
    public static ILookup<string, object> ByType { get; } = All().ToLookup(sample => sample.GetType().Name);

    public static TheoryData<string> TypeNames => [.. ByType.Select(samples => samples.Key)];

    private static IEnumerable<object> All() =>
    [
        .. Positions(),
        .. Feeds(),
        .. Desks(),
        .. Alerts(),
    ];

    private static IEnumerable<object> Positions() =>
    [
        Delivery,
        Partition,
        Source,
        Time,
        new SourceTime(DateTimeOffset.UnixEpoch, false, null),
        Position,
        Position with { Delta = null, UpdatedAt = null, PositionId = "", Quantity = decimal.MinValue },
        Held,
        Left,
        Completed,
        default(CompletedSnapshot),
        Completed with { Source = Source },
        Snapshot,
        default(SnapshotProgress),
        new DeskBatch { Feed = "positions_cdc", Changes = [Held, Left], Snapshot = Snapshot, FeedState = FeedState.Unproven, IngestedAt = At },
        new DeskBatch { Feed = "é", Changes = new List<PositionChange> { Held }, Snapshot = default, FeedState = FeedState.Live, IngestedAt = At },
        new DeskBatch { Feed = "", Changes = [], Snapshot = default, FeedState = FeedState.Stale, IngestedAt = default },
    ];

    private static IEnumerable<object> Feeds() =>
    [
        new FeedStatus(FeedState.Building, At, At.AddSeconds(1), ["a snapshot is being read", "…"]),
        FeedStatus.Unheard,
        new FeedStatus(FeedState.Live, null, null, []),
        new FeedStatus(FeedState.Unproven, At, At, ["…"]) { Desks = [Doubt] },
        Doubt,
        new FeedReport(At, At.AddSeconds(1), [new PartitionReport(Partition, At, At, 3, true)], [new WaitingDesk(Desk, At, 3, 2)]),
        new FeedReport(At, At, [], []),
        new FeedReport(At, At, [], [], new FeedOwner([Partition], 7, 3, true, TimeSpan.FromSeconds(5), At)),
        new FeedOwner([Partition], 7, 3, true, TimeSpan.FromSeconds(5), At),
        new FeedOwner([], 0, 0, false, TimeSpan.Zero, null),
        new SnapshotOrigin(Source, At),
        default(SnapshotOrigin),
        new FeedProgress(Snapshot, new SnapshotOrigin(Source, At), [Partition], Delivery, FeedState.Unproven, [Desk], true),
        new FeedProgress(default, default, [], null, FeedState.Live, [], false),
        new PartitionReport(Partition, At, null, 0, false, FirstMessage.SnapshotRow, At, "waits"),
        new PartitionReport(Partition, At, At, 3, true, NextOffset: 7, EndOffset: long.MaxValue),
        new PartitionStatus(Partition, PartitionState.Failing, 7, 9, At, 3, At.AddSeconds(1), "the leader is away"),
        new PartitionStatus(Partition, PartitionState.Live, null, null, null, 0, null, null),
        new PartitionReport(Partition, null, null, 0, false),
        new WaitingDesk(Desk, At, 3, 2),
        Progress,
        new PartitionRecord(Partition, 0, null, null, false, false),
        Progress with { UncertainDeletes = [new UncertainDelete("POS-2", [Desk]), new UncertainDelete(null, [])] },
        new UncertainDelete("POS-2", [Desk]),
        Mark,
        new UnprovenMark("", null, [], null, At, Generation: 3),
        new FeedCheckpoint([Progress, Progress with { NextOffset = 1 }], At, true, Delivery),
        new FeedCheckpoint([Progress], At, true, Delivery, [Deleted], Source),
        new FeedCheckpoint([], null, null, null),
        Deleted,
        new FeedRecord(),
        new FeedRecord
        {
            Partitions = [Progress, Progress with { Newest = null }],
            Snapshot = Snapshot,
            SnapshotSource = Source,
            Building = new List<FeedPartition> { Partition },
            AppliedThrough = At,
            Unproven = [Mark],
            TombstonesAccompanyDeletes = true,
            LastSnapshotRow = Delivery,
            Deleted = [Deleted],
            DeletesForgotten = Source,
            DesksToNotify = [Desk, "FX"],
            WaitingDesks = [Desk],
            MayHaveLateDesks = true,
            SnapshotAt = At,
            KeepsNewer = true,
        },
    ];

    private static IEnumerable<object> Desks() =>
    [
        Totals,
        Leaf,
        Leaf with { Quantity = decimal.MinValue },
        Group,
        Breakdown,
        DeskBreakdown.Empty,
        new DeskUnavailableException(Desk, "its journal cannot be replayed"),
        new DeskReloadingException(Desk, new IOException("the disk is full")),
        new SeveritySteps(0.2m, 0.50m),
        new AlertingScope("standard", "intraday"),
        Limit,
        BareLimit,
        Limits,
        LimitSet.Empty,
        Key,
        new LimitReference("desk-1", 7),
        Cause,
        Cured,
        Open,
        new DeskSummary(
            Desk, 42, At, Totals, Units.Mixed, At, true, Limits, At, [Open, Cured], new Dictionary<FeedPartition, long> { [Partition] = 17 })
        {
            LimitsProblem = "limit 'house' cannot be read",
        },
        new DeskSummary("", 0, null, default, "", null, false, LimitSet.Empty, default, [], new Dictionary<FeedPartition, long>()),
        new DeskView(
            Desk, 42, At, Totals, "USD", At, true, Limits, At, [Open, Cured],
            new Dictionary<FeedPartition, long> { [Partition] = 17, [new FeedPartition("positions_cdc", 4)] = 9_000_000_000 }, Breakdown)
        {
            LimitsProblem = "limit 'house' cannot be read",
        },
        new DeskView(
            "", 0, null, default, "", null, false, LimitSet.Empty, default, [], new Dictionary<FeedPartition, long>(), DeskBreakdown.Empty),
    ];

    private static IEnumerable<object> Alerts() =>
    [
        Context,
        new BreachContext(default, [], [], [], null),
        new EpisodeReport(Desk, 42, Cured, Units.Mixed, FeedState.Stale, At, Context),
        new EpisodeReport("", 1, Open, "", FeedState.Live, At, new BreachContext(default, [], [], [], null)),
        new Analysis("Le desk dépasse sa limite ‑ 🔺", """{"drivers":[]}""", "rules"),
        new DeliveryResult(DeliveryOutcome.Failed, "429", TimeSpan.FromSeconds(30)),
        new DeliveryResult(DeliveryOutcome.Delivered, ""),
        new DeliveryResult(DeliveryOutcome.Failed, "503", null, 503, "très occupé", TimeSpan.FromMilliseconds(12.5)),
        new OutgoingMessage("büro", "dlv_1", Cured.AlertId, 2, NotificationKind.Cured, """{"desk":"債券"}""", At) { IsTest = true },
        new OutgoingMessage("", "", Guid.Empty, 0, NotificationKind.Opened, "", default),
        new RoundTurn(RoundState.NoEndpoint, "there is no endpoint 'büro' any more"),
        new RoundTurn(RoundState.Gathering),
        new AckRequest("key:desk-app", "Zoë", "réduit", Disposition.WaiverRequested, "dlv_1", "ab12"),
        new AckRequest("", null, null, null, null, null),
        new AckAnswer(AckOutcome.Conflict, AlertStatus.DeadLetter, 2, At, "revision 1 is not the current one", "dlv_2", "rm-é", "desk head"),
        new AckAnswer(AckOutcome.Accepted, null, 0, null, null, null),
    ];
}
