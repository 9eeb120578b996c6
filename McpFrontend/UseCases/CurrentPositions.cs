using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>The position rows, brought up to date with their desks' journals before they are read.</summary>
internal sealed class CurrentPositions(IPositionQueries positions, IGrainFactory grains)
{
    private const int DesksAtATime = 64;

    /// <summary>A desk whose storage hangs must not make lists hang, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>One page.</summary>
    public async Task<PositionPage> ListAsync(PositionFilter filter, PositionCursor? after, int atMost, CancellationToken cancellationToken)
    {
        await FoldAsync(filter, cancellationToken);
        return await positions.ListAsync(filter, after, atMost, cancellationToken);
    }

    /// <summary>Sums by desk, trader, security and currency.</summary>
    public async Task<ExposureCells> CellsAsync(PositionFilter filter, CancellationToken cancellationToken)
    {
        await FoldAsync(filter, cancellationToken);
        var sums = await positions.SumAsync(filter, cancellationToken);
        return new ExposureCells(sums.Sums.Select(sum => new ExposureCell(sum.Desk, sum.TraderId, sum.SecurityId, sum.Currency, sum.Totals)), sums.FoldedThrough);
    }

    /// <summary>A desk that cannot fold just now is read as it was: the page says how old that is.</summary>
    private async Task FoldAsync(PositionFilter filter, CancellationToken cancellationToken)
    {
        foreach (var chunk in (await positions.UnfoldedAsync(filter.Desks, cancellationToken)).Chunk(DesksAtATime))
        {
            await Task.WhenAll(chunk.Select(behind => grains.GetGrain<IDeskRiskGrain>(behind.Desk).FoldAsync().WaitAsync(Patience, cancellationToken)))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
