using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.Storage.Journal;

/// <summary>Writes what desks journal. Each database has its own way, because every change of a position goes through here.</summary>
internal interface IJournalTables
{
    /// <summary>A number for a writer, which no other writer of the database has.</summary>
    long NextWriter();

    /// <summary>Queues the record before it returns; the task ends when the record is durable.</summary>
    /// <exception cref="JournalConflictException">The desk's newest record is not the one that the fence knows.</exception>
    Task AppendAsync(JournalAppend append, CancellationToken cancellationToken);

    /// <param name="checkpoint">The fold's checkpoint as it is stored.</param>
    /// <returns>False when another writer has folded the desk, or the checkpoint's record is not in the journal: nothing was written.</returns>
    Task<bool> FoldAsync(JournalFence fence, DeskFold fold, byte[] checkpoint, CancellationToken cancellationToken);
}

/// <summary>A record as it is stored.</summary>
/// <param name="Earliest">The instant from which the first thing in the record counts.</param>
/// <param name="Latest">The instant from which the last thing in the record counts.</param>
internal sealed record JournalAppend(
    JournalFence Fence, JournalRecord Record, byte[] Bytes, DateTimeOffset Earliest, DateTimeOffset Latest, IReadOnlyList<(Guid AlertId, byte[] Bytes)> Outbox)
{
    /// <summary>Messages of the topic, to be stored with the record.</summary>
    public IReadOnlyList<TopicMessage> Messages { get; init; } = [];
}
