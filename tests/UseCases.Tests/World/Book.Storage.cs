using System.Collections.Concurrent;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.UseCases.Tests.World;

/// <summary>What of a book would lie in storage: its past, its rows, its limits.</summary>
internal sealed partial class Book : IDeskHistory, IPositionQueries
{
    private readonly ConcurrentDictionary<string, DeskView> _shown = new(StringComparer.Ordinal);

    /// <summary>What the desks were.</summary>
    public Func<string, DateTimeOffset, PastDesk?> Past { get; set; } = (_, _) => null;

    /// <summary>Desks that judged by the limits again.</summary>
    public List<string> Judged { get; } = [];

    /// <summary>Desks whose rows were brought up to date.</summary>
    public HashSet<string> Folded { get; } = [];

    /// <summary>The same object for as long as nothing happens to the desk, as its grain gives it.</summary>
    public DeskView ToView(string desk)
    {
        var now = DeskOf(desk).ToView(Now);
        return _shown.AddOrUpdate(desk, now, (_, shown) => (shown.Sequence, shown.At) == (now.Sequence, now.At) ? shown : now);
    }

    public async Task<PastDesk?> AsOfAsync(string desk, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        await Before();
        return Past(desk, asOf);
    }

    public async Task<PositionPage> ListAsync(PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken)
    {
        await Before();
        var matching = Matching(filter);
        var rest = matching
            .Where(row => after is null || string.CompareOrdinal(row.Desk, after.Desk) is var byDesk && (byDesk > 0 || (byDesk == 0 && string.CompareOrdinal(row.PositionId, after.PositionId) > 0)))
            .ToList();
        var page = rest.Take(atMost).ToList();
        return new PositionPage(page, matching.Count, rest.Count > atMost ? new PositionCursor(page[^1].Desk, page[^1].PositionId) : null, await UnfoldedAsync(filter.Desks, cancellationToken));
    }

    public async Task<PositionSums> SumAsync(PositionFilter filter, CancellationToken cancellationToken)
    {
        await Before();
        var sums = Matching(filter)
            .GroupBy(row => (row.Desk, row.TraderId, row.SecurityId, row.Currency))
            .Select(group => new PositionSum(
                group.Key.Desk,
                group.Key.TraderId,
                group.Key.SecurityId,
                group.Key.Currency,
                group.Aggregate(default(Totals), (sum, row) => sum.With(row.Delta)),
                group.Sum(row => row.Quantity)));
        return new PositionSums([.. sums], []);
    }

    /// <summary>Every desk, until it folds.</summary>
    public async Task<IReadOnlyList<UnfoldedDesk>> UnfoldedAsync(IReadOnlyCollection<string>? desks, CancellationToken cancellationToken)
    {
        await Before();
        return [.. _desks.Keys.Where(desk => desks?.Contains(desk) != false && !Folded.Contains(desk)).Select(desk => new UnfoldedDesk(desk, Now))];
    }

    public async Task<RiskLimit> PutAsync(RiskLimit limit, CancellationToken cancellationToken)
    {
        await Before();
        var found = Limits.FindIndex(row => row.LimitId == limit.LimitId);
        var version = found < 0 ? 0 : Limits[found].Version;
        if (limit.Version != version)
        {
            throw new LimitConflictException(limit.LimitId, limit.Version, version);
        }

        if (Limits.FirstOrDefault(limit.Overlaps) is { } twin)
        {
            throw new LimitOverlapException(limit.LimitId, twin.LimitId);
        }

        var stored = limit with { Version = version + 1 };
        Limits.RemoveAll(row => row.LimitId == limit.LimitId);
        Limits.Add(stored);
        return stored;
    }

    private List<Position> Matching(PositionFilter filter) =>
    [
        .. _desks.Values.SelectMany(desk => desk.Positions).Select(held => held.Row)
            .Where(row => filter.Desks is null || filter.Desks.Contains(row.Desk))
            .Where(row => filter.TraderId is null || row.TraderId == filter.TraderId)
            .Where(row => filter.SecurityId is null || row.SecurityId == filter.SecurityId)
            .Where(row => filter.Currency is null || row.Currency == filter.Currency)
            .Where(row => filter.EntryDateFrom is null || row.EntryDate >= filter.EntryDateFrom)
            .Where(row => filter.EntryDateTo is null || row.EntryDate <= filter.EntryDateTo)
            .OrderBy(row => row.Desk, StringComparer.Ordinal).ThenBy(row => row.PositionId, StringComparer.Ordinal),
    ];
}
