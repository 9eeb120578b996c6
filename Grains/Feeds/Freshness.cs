using System.Globalization;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Feeds;

/// <summary>When the last heartbeat of each partition came, and which changes wait. A live partition does not hide a dead one.</summary>
internal sealed class Freshness(FeedOptions options)
{
    private const int PartitionsNamed = 5;

    private DateTimeOffset? _heardAt;
    private readonly OwnerReports _owners = new();
    private FeedReport? _report;
    private DateTimeOffset _reportedAt;

    /// <summary>Commit time of the newest change that owners have read; null before any.</summary>
    public DateTimeOffset? AppliedThrough => _owners.AppliedThrough;

    /// <inheritdoc cref="OwnerReports.AllBegan"/>
    public bool AllBegan => _owners.AllBegan;

    public DateTimeOffset? LastHeardAt => Instants.Later(_heardAt, _report?.Partitions.Max(partition => partition.LastHeartbeat));

    /// <summary>A heartbeat of the whole feed came.</summary>
    public void OnHeartbeat(DateTimeOffset at) => _heardAt = Instants.Later(_heardAt, at);

    public void OnReport(FeedReport report, DateTimeOffset now) => (_report, _reportedAt) = (report.Owner is null ? report : _owners.Add(report, now), now);

    /// <inheritdoc cref="OwnerReports.IsQuiet"/>
    public bool IsQuiet(IReadOnlyList<FeedPartition> partitions, int generation, DateTimeOffset now) => _owners.IsQuiet(partitions, generation, now);

    /// <inheritdoc cref="OwnerReports.MarksItsRows"/>
    public bool MarksItsRows(int generation) => _owners.MarksItsRows(generation);

    /// <summary>Why the feed is stale; empty when it is not. All readers may see it, so it names no desk.</summary>
    /// <param name="desk">Whose changes count as waiting; null: all.</param>
    public IEnumerable<string> Reasons(string? desk, DateTimeOffset now)
    {
        if (_report is not { } report)
        {
            return LastHeardAt is not { } heard ? ["nothing heard since the monitor started"]
                : now - heard > options.StaleAfter ? [$"nothing heard since {Text(heard)}"]
                : [];
        }

        var silent = report.Partitions.Where(partition => now - LastHeartbeat(report, partition) > options.StaleAfter).ToList();
        return silent.Count > 0 && silent.Count == report.Partitions.Count && silent.Count > PartitionsNamed
            ? [$"nothing heard since {Text(LastHeardAt ?? report.OpenedAt)}"]
            :
            [
                .. Named(silent, partition => $"nothing heard since {Text(LastHeartbeat(report, partition))}"),
                .. Named([.. report.Partitions.Where(partition => partition.Problem is not null)], partition => partition.Problem!),
                .. Waiting(report, desk, now),
            ];
    }

    /// <summary>Which desks have changes that wait, for readers who may see these desks.</summary>
    public IEnumerable<DeskDoubt> Desks(DateTimeOffset now) =>
        from waiting in _report?.Desks ?? []
        where now - waiting.Since > options.BehindAfter
        select new DeskDoubt(waiting.Desk, string.Create(
            CultureInfo.InvariantCulture,
            $"{waiting.Changes} changes read since {Text(waiting.Since)} are not applied yet{(waiting.Failures > 0 ? $"; the desk has failed {waiting.Failures} times to take them" : "")}"));

    /// <summary>Desks with changes that were read and are not applied, however short that is ago.</summary>
    public IEnumerable<string> WaitingDesks => (_report?.Desks ?? []).Select(waiting => waiting.Desk);

    /// <summary>How far each partition is.</summary>
    /// <param name="record">Has the offsets of a feed that one ingest reads as a whole.</param>
    public IReadOnlyList<PartitionStatus> Partitions(FeedRecord record, DateTimeOffset now) => _report is not { } report ? [] :
    [
        .. report.Partitions.Select(partition => new PartitionStatus(
            partition.Partition,
            StateOf(report, partition, record, now),
            partition.NextOffset ?? record.Partitions.FirstOrDefault(known => known.Partition == partition.Partition)?.NextOffset,
            partition.EndOffset,
            Instants.Later(_heardAt, partition.LastHeartbeat),
            partition.Waiting,
            partition.WaitingSince,
            partition.Problem)),
    ];

    private PartitionState StateOf(FeedReport report, PartitionReport partition, FeedRecord record, DateTimeOffset now) =>
        !(_owners.IsOwned(partition.Partition, now) || (!_owners.HasAny && now - _reportedAt <= OwnerReports.Current)) ? PartitionState.Unowned
        : partition.Problem is not null ? PartitionState.Failing
        : now - LastHeartbeat(report, partition) > options.StaleAfter ? PartitionState.Stale
        : partition.IsPaused ? PartitionState.Paused
        : now - partition.WaitingSince > options.BehindAfter ? PartitionState.Behind
        : record.Snapshot.IsBuilding && record.Building.Contains(partition.Partition) ? PartitionState.Building
        : PartitionState.Live;

    private IEnumerable<string> Waiting(FeedReport report, string? desk, DateTimeOffset now)
    {
        var waits = desk is null || report.Desks.Any(waiting => waiting.Desk == desk && now - waiting.Since > options.BehindAfter);
        var behind = report.Partitions
            .Where(partition => partition.IsPaused || (waits && partition.WaitingSince is { } since && now - since > options.BehindAfter))
            .ToList();
        return Named(behind, partition => string.Create(
            CultureInfo.InvariantCulture,
            $"{partition.Waiting} changes read since {Text(partition.WaitingSince ?? report.At)} are not applied yet{(partition.IsPaused ? "; it is paused until the desks concerned take some" : "")}"));
    }

    private DateTimeOffset LastHeartbeat(FeedReport report, PartitionReport partition) => Instants.Later(_heardAt, partition.LastHeartbeat ?? report.OpenedAt)!.Value;

    private static IEnumerable<string> Named(IReadOnlyList<PartitionReport> partitions, Func<PartitionReport, string> says)
    {
        foreach (var partition in partitions.Take(PartitionsNamed))
        {
            yield return $"partition {partition.Partition}: {says(partition)}";
        }

        if (partitions.Count > PartitionsNamed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"and so {partitions.Count - PartitionsNamed} more partitions");
        }
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
