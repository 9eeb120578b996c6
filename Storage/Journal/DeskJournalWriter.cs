using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Codec;

namespace RiskMonitor.Storage.Journal;

/// <summary>Writes one desk's journal, as long as its fence holds.</summary>
internal sealed class DeskJournalWriter(IJournalTables tables, JournalFence fence, TopicComposer? topic) : IDeskJournalWriter
{
    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        var (earliest, latest) = record.Span();
        var outbox = record.Outbox.Select(report => (report.Episode.AlertId, JournalCodec.Encode(report))).ToList();
        var append = new JournalAppend(fence, record, JournalCodec.Encode(record), earliest, latest, outbox)
        {
            Messages = topic is null || record.Utilisation.Count == 0 ? [] : [.. topic.Of(record)],
        };

        // Nothing is awaited before the record is queued, so that records are queued in the order of the calls.
        return fence.TryReserve(record)
            ? tables.AppendAsync(append, cancellationToken)
            : Task.FromException(new JournalConflictException(record.Desk, record.Sequence));
    }

    public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken) =>
        tables.FoldAsync(fence, fold, JournalCodec.Encode(fold.Checkpoint), cancellationToken);

    public bool IsSuperseded(JournalHead head) => fence.IsSuperseded(head);
}
