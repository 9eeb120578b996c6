using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Embedded.Story;

/// <summary>Tells what desks have taken in once it is durable.</summary>
internal sealed class NarratedJournal(IDeskJournal journal, StoryChannel story) : IDeskJournal
{
    public Task AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        // Handed on at once: records of a desk are appended in their order, without waiting in between.
        var appended = journal.AppendAsync(record, cancellationToken);
        var live = record.Inputs.OfType<ChangesInput>().Where(input => !input.Snapshot.IsBuilding).Sum(input => input.Changes.Count);
        return live == 0 ? appended : NarrateAsync();

        async Task NarrateAsync()
        {
            await appended;
            story.Publish(new StoryEvent.Traded(record.Desk, record.At, live, record.Totals));
        }
    }

    public Task<StoredDesk> LoadAsync(string desk, CancellationToken cancellationToken) => journal.LoadAsync(desk, cancellationToken);

    public Task<bool> FoldAsync(DeskFold fold, CancellationToken cancellationToken) => journal.FoldAsync(fold, cancellationToken);

    public Task<IReadOnlyList<DeskHead>> DesksAsync(CancellationToken cancellationToken) => journal.DesksAsync(cancellationToken);

    public Task<IReadOnlyList<EpisodeReport>> UnsentAsync(DateTimeOffset? recordedBefore, int atMost, CancellationToken cancellationToken) =>
        journal.UnsentAsync(recordedBefore, atMost, cancellationToken);

    public Task SentAsync(Guid alertId, long sequence, CancellationToken cancellationToken) => journal.SentAsync(alertId, sequence, cancellationToken);
}
