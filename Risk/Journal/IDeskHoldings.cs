namespace RiskMonitor.Risk.Journal;

/// <summary>What desks hold, as far as it is durable: for comparing it with the trading system's table.</summary>
public interface IDeskHoldings
{
    /// <param name="desk">Null: every desk that has a journal.</param>
    /// <returns>None for a desk that there is not.</returns>
    Task<IReadOnlyList<DeskHolding>> ReadAsync(string? desk, CancellationToken cancellationToken);
}

/// <summary>What one desk holds.</summary>
/// <param name="Sequence">The journal record as of which it does.</param>
/// <param name="Problem">Why the desk cannot be read; null when it can.</param>
public sealed record DeskHolding(string Desk, long Sequence, IReadOnlyList<HeldPosition> Positions, string? Problem);
