namespace RiskMonitor.Risk.Positions;

/// <summary>Which desks hold which positions, as far as it is durable.</summary>
public interface IPositionDirectory
{
    /// <summary>Everything held, journal tails included. A position may appear under several desks: a crash can leave a move half applied.</summary>
    IAsyncEnumerable<HeldBy> LoadAsync(CancellationToken cancellationToken);
}

/// <summary>A position, a desk that holds it, and the state of the row that it holds.</summary>
/// <param name="Generation">The snapshot in which, or after which, the row was seen.</param>
public readonly record struct HeldBy(string PositionId, string Desk, SourcePosition? Source, int Generation);
