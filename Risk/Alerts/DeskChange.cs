using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Alerts;

/// <summary>What one journal record did to a desk's sums.</summary>
/// <param name="At">When the desk wrote the record.</param>
/// <param name="Positions">How many positions it changed.</param>
/// <param name="Currencies">Those of the positions that it added or changed; what was removed has none.</param>
/// <param name="Net">By how much the net delta moved; the same for gross.</param>
/// <param name="Missing">By how much the number of missing deltas moved.</param>
public sealed record DeskChange(
    long Sequence, DateTimeOffset At, DeskChangeKind Kind, int Positions, IReadOnlyList<string> Currencies, decimal Net, decimal Gross, int Missing)
{
    /// <param name="before">The desk's totals before the record.</param>
    public static DeskChange Of(JournalRecord record, Totals before)
    {
        var changes = record.Inputs.OfType<ChangesInput>().SelectMany(input => input.Changes).ToList();
        return new DeskChange(
            record.Sequence,
            record.At,
            record.Inputs.Any(input => input is SnapshotCompletedInput) ? DeskChangeKind.Snapshot
                : changes.Count > 0 ? DeskChangeKind.Positions
                : record.Inputs.Any(input => input is LimitsInput or ValidityInput) ? DeskChangeKind.Limits
                : DeskChangeKind.Other,
            changes.Select(change => change.PositionId).Distinct(StringComparer.Ordinal).Count(),
            [.. changes.Select(change => change.After?.Currency).OfType<string>().Distinct(StringComparer.Ordinal)],
            record.Totals.Net - before.Net,
            record.Totals.Gross - before.Gross,
            record.Totals.Missing - before.Missing);
    }
}

/// <summary>What a desk's record was about.</summary>
public enum DeskChangeKind
{
    Other,
    Positions,

    /// <summary>The limits that bind the desk changed.</summary>
    Limits,

    /// <summary>A snapshot of the positions ended.</summary>
    Snapshot,
}

/// <summary>The names of kinds of changes in messages.</summary>
public static class DeskChangeKinds
{
    public static string Name(this DeskChangeKind kind) => kind switch
    {
        DeskChangeKind.Positions => "positions",
        DeskChangeKind.Limits => "limits",
        DeskChangeKind.Snapshot => "snapshot",
        _ => "other",
    };
}
