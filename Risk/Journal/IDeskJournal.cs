using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Journal;

/// <summary>The durable inputs of the desks, for a desk that writes them. Reads that need no right to write are in <see cref="IDeskJournalReader"/>.</summary>
public interface IDeskJournal
{
    /// <summary>
    /// Reads a desk and gives the caller the right to write its journal. Opening stops no other writer: of several writers of a desk the first one to append
    /// goes on, and every other one fails with its next append.
    /// </summary>
    /// <exception cref="DeskUnreadableException">A part of what is stored cannot be read.</exception>
    Task<OpenedDesk> OpenAsync(string desk, CancellationToken cancellationToken);

    /// <summary>Removes a report from the outbox, because its alert has stored it or a later one.</summary>
    Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken);
}

/// <summary>Reads what desks have written, without the right to write.</summary>
public interface IDeskJournalReader
{
    /// <summary>Every desk that has a journal.</summary>
    Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken);

    /// <summary>A number that grows with every desk that gets a journal. It costs little, however many desks there are.</summary>
    Task<long> NewestDeskAsync(CancellationToken cancellationToken);

    /// <summary>The newest record of each of these desks; desks without a journal are absent.</summary>
    Task<IReadOnlyDictionary<string, JournalHead>> HeadsAsync(IReadOnlyCollection<string> desks, CancellationToken cancellationToken);

    /// <summary>Reports that no alert has confirmed, oldest first.</summary>
    /// <param name="recordedBefore">Only those of records made before this; null: all.</param>
    /// <param name="after">Only those behind this one in that order; null: from the oldest on.</param>
    Task<UnsentReports> UnsentAsync(DateTimeOffset? recordedBefore, UnsentCursor? after, int atMost, CancellationToken cancellationToken);
}

/// <param name="Next">Where the next page begins; null behind the newest report.</param>
public sealed record UnsentReports(IReadOnlyList<EpisodeReport> Reports, UnsentCursor? Next);

/// <summary>A place in the order of the unsent reports.</summary>
public sealed record UnsentCursor(DateTimeOffset RecordedAt, string AlertId);

/// <summary>
/// The right to write one desk's journal on top of the record that was its newest when the desk was opened. A writer is stopped for good once
/// another writer has appended; the desk must be opened again then.
/// </summary>
public interface IDeskJournalWriter
{
    /// <summary>
    /// Makes a record durable, with its outbox; many desks share a transaction. Append the records of a desk in their order; the next one may be
    /// appended before the last one is durable.
    /// </summary>
    /// <exception cref="JournalConflictException">Another writer has written this sequence, or the record does not follow the last one.</exception>
    Task AppendAsync(JournalRecord record, CancellationToken cancellationToken);

    /// <summary>Stores a desk's changed rows and its checkpoint, in one transaction, if nothing else has folded it since <see cref="DeskFold.FoldedBefore"/>.</summary>
    /// <returns>False when another writer has folded it, or the checkpoint's record is not in the journal: nothing was written.</returns>
    Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken);

    /// <summary>Another writer has written the desk since it was opened, so that this one's next append would be refused.</summary>
    /// <param name="head">The desk's newest record.</param>
    bool IsSuperseded(JournalHead head);
}

/// <summary>A desk's newest record.</summary>
/// <param name="Writer">The number of the writer that wrote it.</param>
public readonly record struct JournalHead(long Sequence, long Writer);

/// <param name="Stored">The desk as it was when it was opened.</param>
/// <param name="Writer">Continues from there.</param>
public sealed record OpenedDesk(StoredDesk Stored, IDeskJournalWriter Writer);

/// <param name="Checkpoint">Null for a desk never folded.</param>
/// <param name="Tail">The records after the checkpoint, in order.</param>
public sealed record StoredDesk(DeskCheckpoint? Checkpoint, IReadOnlyList<HeldPosition> Positions, IReadOnlyList<JournalRecord> Tail)
{
    /// <summary>The desk is not stored.</summary>
    public bool IsUnknown => Checkpoint is null && Tail.Count == 0;

    /// <summary>The desk as it was at its newest stored record: its checkpoint, and the records after it replayed.</summary>
    /// <param name="name">The desk's name, which a desk without a checkpoint does not say.</param>
    public DeskRisk ToDesk(string name)
    {
        var desk = Checkpoint is null ? new DeskRisk(name) : DeskRisk.Restore(Checkpoint, Positions);
        foreach (var record in Tail)
        {
            desk.Replay(record);
        }

        return desk;
    }
}

/// <summary>What changed of a desk's rows between two checkpoints.</summary>
/// <param name="FoldedBefore">Sequence of the checkpoint that this one follows; 0 for none.</param>
public sealed record DeskFold(long FoldedBefore, DeskCheckpoint Checkpoint, IReadOnlyList<HeldPosition> Changed, IReadOnlyList<string> Removed);

/// <summary>A desk in the catalogue.</summary>
/// <param name="LimitsVersion">Version of the limit table at the last change by which the desk judged. A later version need not concern the desk.</param>
/// <param name="NextValidityInstant">When its limits in force change by themselves.</param>
public sealed record DeskHead(string Desk, long LimitsVersion, DateTimeOffset? NextValidityInstant);

/// <summary>Another activation of the desk wrote the journal, so this one must deactivate.</summary>
public sealed class JournalConflictException(string desk, long sequence)
    : Exception($"journal of desk '{desk}' already has a record {sequence} of another activation");
