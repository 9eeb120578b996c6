using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Tests;

/// <summary>The journal as one process uses it: each desk is opened once, when it is first used or loaded again, and records are queued in the order of the calls.</summary>
internal sealed class TestJournal(IDeskJournal journal, IDeskJournalReader reader)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IDeskJournalWriter> _writers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _turns = new(StringComparer.Ordinal);

    public async Task<StoredDesk> LoadAsync(string desk, CancellationToken cancellationToken)
    {
        var (stored, writer) = await journal.OpenAsync(desk, cancellationToken);
        lock (_lock)
        {
            _writers[desk] = writer;
        }

        return stored;
    }

    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken) =>
        InTurn(record.Desk, writer => writer.AppendAsync(record, cancellationToken)).Unwrap();

    public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken) =>
        InTurn(fold.Checkpoint.Desk, writer => writer.FoldAsync(fold, cancellationToken)).Unwrap();

    public Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken) => reader.DesksAsync(cancellationToken);

    public async Task<IReadOnlyList<EpisodeReport>> UnsentAsync(DateTimeOffset? recordedBefore, int atMost, CancellationToken cancellationToken) =>
        (await UnsentAsync(recordedBefore, null, atMost, cancellationToken)).Reports;

    public Task<UnsentReports> UnsentAsync(DateTimeOffset? recordedBefore, UnsentCursor? after, int atMost, CancellationToken cancellationToken) =>
        reader.UnsentAsync(recordedBefore, after, atMost, cancellationToken);

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) => journal.SentAsync(alertId, sequence, cancellationToken);

    /// <summary>Calls are made in their order, though the first of them has to wait for the desk.</summary>
    private Task<T> InTurn<T>(string desk, Func<IDeskJournalWriter, T> call)
    {
        lock (_lock)
        {
            var turn = CallAsync(_turns.GetValueOrDefault(desk, Task.CompletedTask), desk, call);
            _turns[desk] = turn;
            return turn;
        }
    }

    private async Task<T> CallAsync<T>(Task before, string desk, Func<IDeskJournalWriter, T> call)
    {
        await before;
        if (Find(desk) is null)
        {
            await LoadAsync(desk, CancellationToken.None);
        }

        return call(Find(desk)!);
    }

    private IDeskJournalWriter? Find(string desk)
    {
        lock (_lock)
        {
            return _writers.GetValueOrDefault(desk);
        }
    }
}
