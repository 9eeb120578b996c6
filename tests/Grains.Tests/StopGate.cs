using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Grains.Tests;

/// <summary>Stops the world at one write: from there on nothing that passes through it goes on, as if the process had died right there.</summary>
internal sealed class StopGate(int atWrite, bool afterTheWrite)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    /// <summary>Ends when the write was reached.</summary>
    public Task Reached => _reached.Task;

    public async Task<T> PassAsync<T>(Func<Task<T>> write)
    {
        var number = Interlocked.Increment(ref _writes);
        if (number > atWrite || (number == atWrite && !afterTheWrite))
        {
            _reached.TrySetResult();
            return await new TaskCompletionSource<T>().Task;
        }

        var result = await write();
        if (number == atWrite)
        {
            _reached.TrySetResult();
            return await new TaskCompletionSource<T>().Task;
        }

        return result;
    }
}

/// <summary>The alert table behind a gate.</summary>
internal sealed class GatedAlertStore(IAlertStore inner, StopGate gate) : IAlertStore
{
    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) => inner.LoadAsync(alertId, cancellationToken);

    public Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) =>
        gate.PassAsync(() => inner.SaveAsync(alert, events, cancellationToken));

    public Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken) =>
        inner.DueAsync(dueBefore, after, atMost, cancellationToken);

    public Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken) => inner.NumbersTakenAsync(desk, cancellationToken);
}

/// <summary>An alert table in which some rows cannot be read.</summary>
internal sealed class DamagedAlertStore(IAlertStore inner, Func<Guid, bool> isDamaged) : IAlertStore
{
    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) =>
        isDamaged(alertId) ? throw new InvalidDataException($"alert {alertId} cannot be read") : inner.LoadAsync(alertId, cancellationToken);

    public Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) => inner.SaveAsync(alert, events, cancellationToken);

    public Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken) =>
        inner.DueAsync(dueBefore, after, atMost, cancellationToken);

    public Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken) => inner.NumbersTakenAsync(desk, cancellationToken);
}

/// <summary>Counts the looks for alerts that are due.</summary>
internal sealed class CountingAlertStore(IAlertStore inner, Action onDue) : IAlertStore
{
    public Task<Alert?> LoadAsync(Guid alertId, CancellationToken cancellationToken) => inner.LoadAsync(alertId, cancellationToken);

    public Task<Alert> SaveAsync(Alert alert, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) => inner.SaveAsync(alert, events, cancellationToken);

    public async Task<IReadOnlyList<DueAlert>> DueAsync(DateTimeOffset? dueBefore, DueAlert? after, int atMost, CancellationToken cancellationToken)
    {
        var due = await inner.DueAsync(dueBefore, after, atMost, cancellationToken);
        onDue();
        return due;
    }

    public Task<IReadOnlyDictionary<EpisodeKey, int>> NumbersTakenAsync(string desk, CancellationToken cancellationToken) => inner.NumbersTakenAsync(desk, cancellationToken);
}

/// <summary>The journal behind gates, for appends, for what leaves the outbox and for folds.</summary>
internal sealed class GatedJournal(IDeskJournal inner, StopGate? appends, StopGate? settled, StopGate? folds = null) : IDeskJournal
{
    private int _appends;

    public int Appends => _appends;

    public async Task<OpenedDesk> OpenAsync(string desk, CancellationToken cancellationToken)
    {
        var opened = await inner.OpenAsync(desk, cancellationToken);
        return opened with { Writer = new GatedWriter(this, opened.Writer) };
    }

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) =>
        settled is null ? inner.SentAsync(alertId, sequence, cancellationToken) : settled.PassAsync(() => WithoutResultAsync(inner.SentAsync(alertId, sequence, cancellationToken)));

    private Task AppendAsync(IDeskJournalWriter writer, JournalRecord record, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appends);
        return appends is null ? writer.AppendAsync(record, cancellationToken) : appends.PassAsync(() => WithoutResultAsync(writer.AppendAsync(record, cancellationToken)));
    }

    private Task<bool> FoldAsync(IDeskJournalWriter writer, DeskFold fold, CancellationToken cancellationToken) =>
        folds is null ? writer.FoldAsync(fold, cancellationToken) : folds.PassAsync(() => writer.FoldAsync(fold, cancellationToken));

    private static async Task<bool> WithoutResultAsync(Task task)
    {
        await task;
        return true;
    }

    private sealed class GatedWriter(GatedJournal journal, IDeskJournalWriter inner) : IDeskJournalWriter
    {
        public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) => journal.AppendAsync(inner, record, cancellationToken);

        public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken) => journal.FoldAsync(inner, fold, cancellationToken);

        public bool IsSuperseded(JournalHead head) => inner.IsSuperseded(head);
    }
}

/// <summary>Counts how often the limits of one desk are read.</summary>
internal sealed class CountingLimitStore(ILimitStore inner, string desk) : ILimitStore
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public Task<LimitSet> ForDeskAsync(string name, CancellationToken cancellationToken)
    {
        if (name == desk)
        {
            Interlocked.Increment(ref _reads);
        }

        return inner.ForDeskAsync(name, cancellationToken);
    }

    public Task<long> VersionAsync(CancellationToken cancellationToken) => inner.VersionAsync(cancellationToken);

    public Task<IReadOnlyList<RiskLimit>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<LimitHistoryPage> HistoryAsync(LimitHistoryFilter filter, LimitHistoryCursor? after, int pageSize, CancellationToken cancellationToken) =>
        inner.HistoryAsync(filter, after, pageSize, cancellationToken);

    public Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken) => inner.PutAsync(limit, cancellationToken);

    public Task ConfigureAsync(AlertingScope alerting, IReadOnlyList<RiskLimit> configured, CancellationToken cancellationToken) =>
        inner.ConfigureAsync(alerting, configured, cancellationToken);
}
