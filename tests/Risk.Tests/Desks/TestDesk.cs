using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Tests.Desks;

/// <summary>A desk with a journal in memory, and inputs in the words of a test.</summary>
internal sealed class TestDesk
{
    public const string Name = "Equity Options";
    public const string Feed = "positions_cdc";

    public static readonly DateTimeOffset Start = new(2026, 5, 2, 9, 0, 0, TimeSpan.Zero);

    private long _offset;

    public TestDesk(decimal? netLimit = 1_000m, decimal? grossLimit = null)
    {
        Limit(netLimit, grossLimit);
    }

    public DeskRisk Desk { get; private set; } = new(Name);

    public List<JournalRecord> Journal { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public SnapshotProgress Progress { get; set; }

    public static RiskLimit NewLimit(
        decimal threshold, RiskMetric metric = RiskMetric.NetDelta, string? desk = null, int version = 1, DateTimeOffset? from = null, DateTimeOffset? to = null, decimal cureRatio = 1) =>
        new($"{desk ?? "default"}-{metric}", "standard", desk is null ? LimitScope.Default : LimitScope.Desk, desk ?? "", metric, "intraday",
            threshold, RiskLimit.DefaultWarningRatio, cureRatio, SeveritySteps.Default, null, from, to, version, "test", "test");

    public static Position Row(string id, decimal? delta, string trader = "t1", string security = "SPX", string currency = "USD", string desk = Name) =>
        new(id, trader, desk, security, 1m, delta, new DateOnly(2026, 5, 2), currency, Start);

    public JournalRecord? Limit(decimal? netLimit, decimal? grossLimit = null, long version = 1, long? tableVersion = null)
    {
        var limits = new List<RiskLimit>();
        if (netLimit is { } net)
        {
            limits.Add(NewLimit(net, version: (int)version));
        }

        if (grossLimit is { } gross)
        {
            limits.Add(NewLimit(gross, RiskMetric.GrossDelta, version: (int)version));
        }

        return Apply(new LimitsInput(Now, new LimitSet(tableVersion ?? version, AlertingScope.Default, limits)));
    }

    public JournalRecord? Put(string id, decimal? delta, string? transaction = null, string trader = "t1", string security = "SPX", string currency = "USD") =>
        Change(new PositionChange(NextDelivery(), id, Row(id, delta, trader, security, currency), null, transaction, null));

    public JournalRecord? Remove(string id, string? transaction = null) => Change(new PositionChange(NextDelivery(), id, null, null, transaction, null));

    public JournalRecord? Change(params PositionChange[] changes) => Apply(new ChangesInput(Now, Feed, changes, Progress, FeedState.Live, Now));

    public JournalRecord? Apply(params DeskInput[] inputs)
    {
        var step = new DeskStep();
        foreach (var input in inputs)
        {
            Desk.Apply(input, step);
        }

        if (step.IsEmpty)
        {
            return null;
        }

        var record = Desk.Seal(step, Now);
        Journal.Add(record);
        return record;
    }

    /// <summary>Forgets the desk and loads it from a fold (if given) and the journal after it.</summary>
    public void Reload(DeskCheckpoint? checkpoint = null, IReadOnlyList<HeldPosition>? rows = null)
    {
        Desk = checkpoint is null ? new DeskRisk(Name) : DeskRisk.Restore(checkpoint, rows!);
        foreach (var record in Journal.Where(record => record.Sequence > Desk.Sequence))
        {
            Desk.Replay(record);
        }
    }

    public Delivery NextDelivery() => new(Feed, 0, _offset++);
}
