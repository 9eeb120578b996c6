namespace RiskMonitor.Risk.Journal;

/// <summary>Finds desks that cannot be read and makes them readable again. For an operator; a running host goes on meanwhile.</summary>
public interface IDeskRepair
{
    /// <summary>Tries every desk, or one.</summary>
    Task<IReadOnlyList<DeskCheck>> CheckAsync(string? desk, CancellationToken cancellationToken);

    /// <summary>
    /// Builds a desk anew from what of it can be read: rows and checkpoint, kept states, the journal up to the first record that cannot be read, and
    /// what its alerts say of its breaches. The new state takes the place of the desk's journal, which ends exact answers about its past.
    /// </summary>
    /// <param name="rereads">The feed whose table will be read anew; the desk is building until then. Null: none will.</param>
    /// <param name="backUp">Is given all rows that are removed or replaced, before they are; it ends once they are safe.</param>
    /// <exception cref="InvalidOperationException">There is no such desk, or it was written meanwhile; the message says what to do.</exception>
    Task<DeskRepaired> RepairAsync(string desk, string? rereads, Func<IReadOnlyList<RemovedRow>, Task> backUp, CancellationToken cancellationToken);
}

/// <param name="Problem">Why the desk cannot be read; null when it can.</param>
/// <param name="UnreadableReports">Reports on their way to alerts that cannot be read.</param>
public sealed record DeskCheck(string Desk, string? Problem, int UnreadableReports)
{
    public bool IsSound => Problem is null && UnreadableReports == 0;
}

/// <param name="Sequence">The record at which the desk goes on.</param>
/// <param name="ReadThrough">The last record of which anything could be read.</param>
/// <param name="LostRecords">Records that could not be read, and those behind them.</param>
/// <param name="LostPositions">Rows that could not be read.</param>
/// <param name="LostReports">Reports whose breach is stored nowhere else.</param>
public sealed record DeskRepaired(long Sequence, long ReadThrough, long LostRecords, int LostPositions, int LostReports, int Positions)
{
    /// <summary>What was lost may have changed the figures.</summary>
    public bool IsUnproven => LostRecords > 0 || LostPositions > 0;
}

/// <summary>A row as it was stored.</summary>
public sealed record RemovedRow(string Table, IReadOnlyDictionary<string, object?> Columns);
