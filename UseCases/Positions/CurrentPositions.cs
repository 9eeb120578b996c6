using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Positions;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Positions;

/// <summary>The position rows, brought up to date with their desks' journals before they are read.</summary>
public sealed class CurrentPositions(IPositionQueries positions, IGrainFactory grains)
{
    private const int DesksAtATime = 64;

    /// <summary>A desk whose storage hangs must not make lists hang, too.</summary>
    private static readonly TimeSpan s_foldTimeout = TimeSpan.FromSeconds(2);

    /// <summary>One page, and the desks of which rows are missing.</summary>
    public async Task<(PositionPage Page, IReadOnlyList<DeskDoubt> Missing)> ListAsync(
        PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken)
    {
        var missing = await FoldAsync(filter, cancellationToken);
        var page = await positions.ListAsync(Without(filter, missing), after, atMost, cancellationToken);
        return (page, [.. missing, .. page.Unreadable.Select(Damaged)]);
    }

    /// <summary>Sums by desk, trader, security and currency.</summary>
    public async Task<ExposureCells> CellsAsync(PositionFilter filter, CancellationToken cancellationToken)
    {
        var missing = await FoldAsync(filter, cancellationToken);
        var sums = await positions.SumAsync(Without(filter, missing), cancellationToken);
        IReadOnlyList<DeskDoubt> all = [.. missing, .. sums.Unreadable.Select(Damaged)];
        return new ExposureCells(
            sums.Sums.Select(sum => new ExposureCell(sum.Desk, sum.TraderId, sum.SecurityId, sum.Currency, sum.Totals)), sums.FoldedThrough, all, all);
    }

    /// <summary>A desk that cannot fold just now is read as it was: the page says how old that is.</summary>
    /// <returns>The desks that never will: their rows are not what they hold.</returns>
    private async Task<IReadOnlyList<DeskDoubt>> FoldAsync(PositionFilter filter, CancellationToken cancellationToken)
    {
        var missing = new List<DeskDoubt>();
        foreach (var chunk in (await positions.UnfoldedAsync(filter.Desks, cancellationToken)).Chunk(DesksAtATime))
        {
            var folds = chunk.Select(behind => grains.GetGrain<IDeskRiskGrain>(behind.Desk).FoldAsync().WaitAsync(s_foldTimeout, cancellationToken)).ToList();
            await Task.WhenAll(folds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            missing.AddRange(folds
                .Select(fold => fold.Exception?.InnerException)
                .OfType<DeskUnavailableException>()
                .Select(unavailable => new DeskDoubt(unavailable.Desk, $"unavailable, its positions are not in this answer: {unavailable.Reason}")));
        }

        return missing;
    }

    private static PositionFilter Without(PositionFilter filter, IReadOnlyList<DeskDoubt> missing) => missing.Count == 0 || filter.Desks is null
        ? filter
        : filter with { Desks = [.. filter.Desks.Except(missing.Select(doubt => doubt.Desk), StringComparer.Ordinal)] };

    private static DeskDoubt Damaged(string desk) => new(desk, "rows of it cannot be read and are not in this answer; an operator has to repair the desk");
}
