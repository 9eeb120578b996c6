using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Feeds;

/// <summary>
/// The newest report of each partition's owner. Which partitions there are is known from the topic's metadata, so that a partition without an owner is missed.
/// </summary>
internal sealed class OwnerReports
{
    /// <summary>A report older than this says nothing about now.</summary>
    public static readonly TimeSpan Current = TimeSpan.FromSeconds(10);

    private readonly Dictionary<FeedPartition, (FeedReport Report, DateTimeOffset ReceivedAt)> _reports = [];
    private readonly HashSet<FeedPartition> _members = [];
    private DateTimeOffset? _openedAt;

    public DateTimeOffset? AppliedThrough { get; private set; }

    /// <summary>The partitions have several owners.</summary>
    public bool HasAny => _reports.Count > 0;

    /// <summary>Of every partition it is known what it began with.</summary>
    public bool AllBegan => _members.Count > 0 && _members.All(member => _reports.TryGetValue(member, out var known) && Of(known.Report, member).First != FirstMessage.Unknown);

    /// <summary>Takes the report of one owner.</summary>
    /// <returns>The report of all owners together.</returns>
    public FeedReport Add(FeedReport report, DateTimeOffset now)
    {
        _openedAt ??= report.OpenedAt;
        var owner = report.Owner!;
        _members.UnionWith(owner.Members);
        foreach (var partition in report.Partitions)
        {
            if (!_reports.TryGetValue(partition.Partition, out var known) || owner.Epoch >= known.Report.Owner!.Epoch)
            {
                _reports[partition.Partition] = (report, now);
            }
        }

        if (AppliedThrough is null || owner.AppliedThrough > AppliedThrough)
        {
            AppliedThrough = owner.AppliedThrough;
        }

        return Together(report.At);
    }

    /// <summary>Whether a partition's owner has reported of late.</summary>
    public bool IsOwned(FeedPartition partition, DateTimeOffset now) => _reports.TryGetValue(partition, out var known) && now - known.ReceivedAt <= Current;

    /// <summary>Whether the owners of all these partitions know the snapshot, have read to the end and heard nothing of it for long enough.</summary>
    public bool IsQuiet(IReadOnlyList<FeedPartition> partitions, int generation, DateTimeOffset now) => partitions.Count > 0 && partitions.All(partition =>
        _reports.TryGetValue(partition, out var known)
        && now - known.ReceivedAt <= Current
        && known.Report.Owner is { } owner
        && owner.Generation == generation
        && Of(known.Report, partition).QuietSince is { } since
        && known.Report.At - since >= owner.QuietPeriod);

    /// <summary>Whether the rows of a snapshot say which of them is the last, as far as an owner has seen.</summary>
    public bool MarksItsRows(int generation) => _reports.Values.Any(known => known.Report.Owner is { MarksItsRows: true } owner && owner.Generation == generation);

    private FeedReport Together(DateTimeOffset at)
    {
        var desks = _reports.Values.SelectMany(known => known.Report.Desks).GroupBy(waiting => waiting.Desk, StringComparer.Ordinal).Select(same =>
            new WaitingDesk(same.Key, same.Min(waiting => waiting.Since), same.Sum(waiting => waiting.Changes), same.Max(waiting => waiting.Failures)));
        return new FeedReport(
            _openedAt!.Value,
            at,
            [.. _members.Order(PartitionComparer).Select(member =>
                _reports.TryGetValue(member, out var known) ? Of(known.Report, member) : new PartitionReport(member, null, null, 0, IsPaused: false))],
            [.. desks.OrderBy(waiting => waiting.Since)]);
    }

    private static readonly Comparer<FeedPartition> PartitionComparer = Comparer<FeedPartition>.Create(
        (a, b) => string.CompareOrdinal(a.Topic, b.Topic) is not 0 and var byTopic ? byTopic : a.Partition.CompareTo(b.Partition));

    private static PartitionReport Of(FeedReport report, FeedPartition partition) => report.Partitions.First(known => known.Partition == partition);
}
