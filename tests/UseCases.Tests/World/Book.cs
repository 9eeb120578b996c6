using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.UseCases.Tests.World;

/// <summary>
/// A trading floor in memory: real desks, real alerts by their real rules, and the ports and grains that show them. Counts which desks' grains were asked.
/// </summary>
internal sealed partial class Book : IDeskJournalReader, ILimitStore, IAlertQueries
{
    public const string Feed = "positions_cdc";

    private readonly Dictionary<string, DeskRisk> _desks = [];
    private readonly Dictionary<Guid, (Alert Alert, List<AlertEvent> History)> _alerts = [];
    private readonly AlertLifecycle _lifecycle = new(AlertPolicy.Default, AlertDocument.WebhookBody);
    private readonly List<AlertChange> _changes = [];
    private long _offset;

    public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<PartitionStatus> Partitions { get; set; } = [];

    public FeedStatus FeedStatus { get; set; } = new(FeedState.Live, new(2026, 5, 4, 11, 59, 59, TimeSpan.Zero), new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero), []);

    /// <summary>How often the feed's grain was asked.</summary>
    public int StatusReads { get; private set; }

    public List<RiskLimit> Limits { get; } = [];

    /// <summary>Desks whose grain was asked.</summary>
    public HashSet<string> Activated { get; } = [];

    /// <summary>The dimensions that desks' grains were asked for.</summary>
    public DeskDimensions Asked { get; set; }

    /// <summary>What a desk's grain throws.</summary>
    public Dictionary<string, Exception> Failing { get; } = [];

    public void DemandAvailable(string desk)
    {
        if (Failing.TryGetValue(desk, out var failure))
        {
            throw failure;
        }
    }

    /// <summary>Called before anything is answered, but for changes of alerts, which the frontend asks for by itself; may throw or wait.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before the feed's grain answers; likewise.</summary>
    public Func<Task> BeforeStatus { get; set; } = () => Task.CompletedTask;

    public RiskLimit Limit(string limitId, decimal threshold, RiskMetric metric = RiskMetric.NetDelta, string? desk = null, string horizon = "intraday")
    {
        var limit = new RiskLimit(
            limitId, "standard", desk is null ? LimitScope.Default : LimitScope.Desk, desk ?? "", metric, horizon, threshold, 0.8m, 1m, SeveritySteps.Default, null, null, null, 1, "test", "test");
        Limits.Add(limit);
        return limit;
    }

    public void Put(string desk, string positionId, decimal? delta, string currency = "USD", string trader = "T1", string security = "SPX", SnapshotProgress snapshot = default, decimal quantity = 10, DateOnly? entered = null)
    {
        var row = new Position(positionId, trader, desk, security, quantity, delta, entered ?? new DateOnly(2026, 5, 4), currency, Now);
        var change = new PositionChange(new Delivery(Feed, 0, _offset++), positionId, row, null, null, null);
        var risk = DeskOf(desk);
        var step = new DeskStep();
        risk.Apply(new LimitsInput(Now, new LimitSet(risk.Sequence + 1, AlertingScope.Default, [.. Limits])), step);
        risk.Apply(new ChangesInput(Now, Feed, [change], snapshot, FeedStatus.State, Now), step);
        Hear(risk.Seal(step, Now));
    }

    public Guid AlertOf(string desk) => _alerts.Values.Single(entry => entry.Alert.Desk == desk).Alert.AlertId;

    public Alert OnlyAlert => _alerts.Values.Single().Alert;

    public IReadOnlyList<Alert> AllAlerts => [.. _alerts.Values.Select(entry => entry.Alert)];

    public Alert Alert(Guid alertId) => _alerts[alertId].Alert;

    /// <summary>The webhook took the alert.</summary>
    public void Deliver(Guid alertId)
    {
        Move(alertId, alert => _lifecycle.Analysed(alert, alert.Revision, new Analysis("text", """{"drivers":{}}""", "rules"), Now));
        Move(alertId, alert => _lifecycle.Begin(alert, alert.Notice!.DeliveryId, Now));
        var notice = Alert(alertId).Notice!;
        Move(alertId, alert => _lifecycle.Attempted(alert, notice.DeliveryId, notice.Attempts, new DeliveryResult(DeliveryOutcome.Delivered, "200 OK"), Now, 0.5));
    }

    /// <summary>The webhook refused the alert as often as it was tried.</summary>
    /// <param name="answer">What the webhook said.</param>
    public void Exhaust(Guid alertId, string answer = "503")
    {
        Move(alertId, alert => _lifecycle.Analysed(alert, alert.Revision, new Analysis("text", """{"drivers":{}}""", "rules"), Now));
        while (Alert(alertId).Status == AlertStatus.PendingDelivery)
        {
            Move(alertId, alert => _lifecycle.Begin(alert, alert.Notice!.DeliveryId, alert.NextAttemptAt ?? Now));
            var notice = Alert(alertId).Notice!;
            Move(alertId, alert => _lifecycle.Attempted(alert, notice.DeliveryId, notice.Attempts, new DeliveryResult(DeliveryOutcome.Failed, answer), Now, 0.5));
            if (Alert(alertId).NextAttemptAt is { } next)
            {
                Move(alertId, alert => _lifecycle.Evaluate(alert, next, resumed: false));
            }
        }
    }

    public async Task<AckAnswer> AckAsync(Guid alertId, AckRequest request)
    {
        await Before();
        var (step, answer) = _lifecycle.Acknowledge(Alert(alertId), request, Now);
        Store(step);
        return answer;
    }

    public async Task<bool> SnoozeAsync(Guid alertId, string by, string reason, DateTimeOffset until)
    {
        await Before();
        if (_lifecycle.Snooze(Alert(alertId), by, reason, until, Now) is not { } step)
        {
            return false;
        }

        Store(step);
        return true;
    }

    public async Task AssignAsync(Guid alertId, string by, string to, string reason, DateTimeOffset until)
    {
        await Before();
        Store(_lifecycle.Assign(Alert(alertId), by, to, reason, until, Now));
    }

    public async Task<bool> ReplayAsync(Guid alertId, string by)
    {
        await Before();
        if (_lifecycle.Replay(Alert(alertId), by, Now) is not { } step)
        {
            return false;
        }

        Store(step);
        return true;
    }

    public async Task<DeskView> ReadAsync(string desk, DeskDimensions dimensions)
    {
        await Before();
        DemandAvailable(desk);
        Activated.Add(desk);
        Asked = Asked | dimensions;
        return ToView(desk).Of(dimensions);
    }

    public async Task<FeedStatus> StatusAsync()
    {
        await Before();
        await BeforeStatus();
        StatusReads++;
        return FeedStatus;
    }

    public async Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken)
    {
        await Before();
        return [.. _desks.Keys.Select(desk => new DeskHead(desk, 1, null))];
    }

    public async Task<long> NewestDeskAsync(CancellationToken cancellationToken)
    {
        await Before();
        return _desks.Count;
    }

    public async Task<AlertPage> ListAsync(AlertFilter filter, AlertCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        await Before();
        var matching = _alerts.Values.Select(entry => entry.Alert)
            .Where(alert => filter.RequestId is null || alert.RequestId == filter.RequestId)
            .Where(alert => filter.Desks is null || filter.Desks.Contains(alert.Desk))
            .Where(alert => filter.Severity is null || alert.Episode.Severity == filter.Severity)
            .Where(alert => filter.Status is null || alert.Status == filter.Status)
            .Where(alert => filter.BreachOpen is null || alert.Episode.IsOpen == filter.BreachOpen)
            .Where(alert => filter.OpenedFrom is null || alert.Episode.OpenedAt >= filter.OpenedFrom)
            .Where(alert => filter.OpenedTo is null || alert.Episode.OpenedAt < filter.OpenedTo)
            .Where(alert => filter.IncludeTransient || !alert.Transient)
            .OrderByDescending(alert => alert.Episode.OpenedAt).ThenBy(alert => alert.AlertId)
            .ToList();
        var rest = after is null ? matching : matching.SkipWhile(alert => alert.AlertId != after.AlertId).Skip(1).ToList();
        var page = rest.Take(pageSize).ToList();
        return new AlertPage(page, matching.Count, rest.Count > pageSize ? new AlertCursor(page[^1].Episode.OpenedAt, page[^1].AlertId) : null);
    }

    public async Task<(Alert Alert, IReadOnlyList<AlertEvent> History)?> FindAsync(Guid alertId, IReadOnlyCollection<string>? desks, CancellationToken cancellationToken)
    {
        await Before();
        return _alerts.TryGetValue(alertId, out var entry) && desks?.Contains(entry.Alert.Desk) != false ? (entry.Alert, entry.History) : null;
    }

    public Task<AlertChanges> ChangesAsync(long? after, int atMost, CancellationToken cancellationToken)
    {
        var changed = _changes.Skip((int)(after ?? _changes.Count)).Take(atMost).ToList();
        return Task.FromResult(new AlertChanges([.. changed], (after ?? _changes.Count) + changed.Count));
    }

    public async Task<long> VersionAsync(CancellationToken cancellationToken)
    {
        await Before();
        return 1;
    }

    public async Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken)
    {
        await Before();
        return Limits;
    }

    public async Task<LimitHistoryPage> HistoryAsync(LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        await Before();
        var matching = Limits
            .Where(limit => filter.LimitId is null || limit.LimitId == filter.LimitId)
            .Where(limit => filter.Desk is null || limit.AppliesTo(filter.Desk))
            .Where(limit => filter.Desks is null || limit.Scope == LimitScope.Default || filter.Desks.Contains(limit.ScopeKey))
            .OrderBy(limit => limit.LimitId, StringComparer.Ordinal)
            .ToList();
        var rest = matching.Where(limit => after is null || string.CompareOrdinal(limit.LimitId, after.LimitId) > 0).ToList();
        var page = rest.Take(pageSize).Select(limit => new LimitVersion(limit, Now, false)).ToList();
        return new LimitHistoryPage(page, matching.Count, rest.Count > pageSize ? new LimitHistoryCursor(Now, page[^1].Limit.LimitId, page[^1].Limit.Version) : null);
    }

    // What the frontend has no business with.
    Task<(IReadOnlyDictionary<AlertStatus, long> ByStatus, DateTimeOffset? OldestUnacked)> IAlertQueries.CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyDictionary<string, JournalHead>> IDeskJournalReader.HeadsAsync(IReadOnlyCollection<string> desks, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<UnsentReports> IDeskJournalReader.UnsentAsync(DateTimeOffset? recordedBefore, UnsentCursor? after, int atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<LimitSet> ILimitStore.ForDeskAsync(string desk, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task ILimitStore.ConfigureAsync(AlertingScope alerting, IReadOnlyList<RiskLimit> configured, CancellationToken cancellationToken) => throw new NotSupportedException();

    private DeskRisk DeskOf(string desk)
    {
        if (!_desks.TryGetValue(desk, out var risk))
        {
            _desks[desk] = risk = new DeskRisk(desk);
        }

        return risk;
    }

    private void Hear(JournalRecord record)
    {
        foreach (var report in record.Outbox)
        {
            Store(_lifecycle.OnReport(_alerts.TryGetValue(report.Episode.AlertId, out var entry) ? entry.Alert : null, report, Now));
        }
    }

    private void Move(Guid alertId, Func<Alert, AlertStep> move) => Store(move(Alert(alertId)));

    private void Store(AlertStep step)
    {
        var history = _alerts.TryGetValue(step.Alert.AlertId, out var entry) ? entry.History : [];
        history.AddRange(step.Events);
        _alerts[step.Alert.AlertId] = (step.Alert, history);
        _changes.Add(new AlertChange(step.Alert.AlertId, step.Alert.Desk, step.Alert.Transient));
    }
}
