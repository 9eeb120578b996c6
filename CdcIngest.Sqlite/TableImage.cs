using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>The table <c>positions</c> as it is at one place of its log.</summary>
/// <param name="Log">The log, as changes name it.</param>
/// <param name="Through">The last entry of the log.</param>
/// <param name="FirstKept">Entries before this one are no longer there.</param>
/// <param name="Rows">By position id.</param>
/// <param name="Unreadable">Why, by position id.</param>
/// <param name="Changed">Positions with entries from the one asked for on.</param>
public sealed record TableImage(
    string Log,
    long Through,
    long FirstKept,
    IReadOnlyDictionary<string, Position> Rows,
    IReadOnlyDictionary<string, string> Unreadable,
    IReadOnlySet<string> Changed);

/// <summary>A change that <c>reconcile</c> writes to the log, because a desk differs from the table. It contains the table's row of the position, or that there is none.</summary>
/// <param name="WrongDesk">A desk that holds the position and should not; null: none.</param>
public readonly record struct TableCorrection(string PositionId, string? WrongDesk);
