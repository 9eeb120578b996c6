using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Journal;

/// <summary>The durable truth of the desks.</summary>
public interface IDeskJournal
{
    /// <summary>A desk as it was folded, and the records since.</summary>
    Task<StoredDesk> LoadAsync(string desk, CancellationToken cancellationToken);

    /// <summary>Makes a record durable, with its outbox; many desks share a transaction. Records of a desk are to be appended in their order, without waiting in between.</summary>
    /// <exception cref="JournalConflictException">Another activation of the desk has written this sequence.</exception>
    Task AppendAsync(JournalRecord record, CancellationToken cancellationToken);

    /// <summary>Folds a desk's changed rows and its checkpoint, in one transaction, if nothing else has folded it since <see cref="DeskFold.FoldedBefore"/>.</summary>
    /// <returns>False when somebody else has, or the checkpoint's record is not in the journal: nothing was written.</returns>
    Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken);

    /// <summary>Every desk that has a journal.</summary>
    Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken);

    /// <summary>A number that grows with every desk that gets a journal. It costs little, however many desks there are.</summary>
    Task<long> NewestDeskAsync(CancellationToken cancellationToken);

    /// <summary>Reports that no alert has confirmed, oldest first.</summary>
    /// <param name="recordedBefore">Only those of records made before this; null: all.</param>
    Task<IReadOnlyList<EpisodeReport>> UnsentAsync(DateTimeOffset? recordedBefore, int atMost, CancellationToken cancellationToken);

    /// <summary>The alert has stored the report (or a later one): it leaves the outbox.</summary>
    Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken);
}

/// <param name="Checkpoint">Null for a desk never folded.</param>
/// <param name="Tail">The records after the checkpoint, in order.</param>
public sealed record StoredDesk(DeskCheckpoint? Checkpoint, IReadOnlyList<HeldPosition> Positions, IReadOnlyList<JournalRecord> Tail)
{
    /// <summary>Nobody has heard of the desk.</summary>
    public bool IsUnknown => Checkpoint is null && Tail.Count == 0;
}

/// <summary>What changed of a desk's rows between two checkpoints.</summary>
/// <param name="FoldedBefore">Sequence of the checkpoint that this one follows; 0 for none.</param>
public sealed record DeskFold(long FoldedBefore, DeskCheckpoint Checkpoint, IReadOnlyList<HeldPosition> Changed, IReadOnlyList<string> Removed);

/// <summary>A desk in the catalogue.</summary>
/// <param name="LimitsVersion">The limit set by which it last judged.</param>
/// <param name="NextValidityInstant">When its limits in force change by themselves.</param>
public sealed record DeskHead(string Desk, long LimitsVersion, DateTimeOffset? NextValidityInstant);

/// <summary>Another activation of the desk wrote the journal: this one must go.</summary>
public sealed class JournalConflictException(string desk, long sequence)
    : Exception($"journal of desk '{desk}' already has a record {sequence} of another activation");
