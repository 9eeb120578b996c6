using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Risk.Journal;

/// <summary>
/// One durable step of a desk: its inputs, the episodes that they changed, and the reports for alerts. Its key (desk, sequence) is unique: of two activations
/// of a desk only one can write it.
/// </summary>
/// <param name="Sequence">1 for a desk's first record, without gaps.</param>
/// <param name="Episodes">Episodes opened, escalated or cured, each as it was after the step, in their order.</param>
/// <param name="Outbox">Reports to be sent to alerts; at most one for each alert, the last.</param>
/// <param name="Totals">The desk's totals after the step.</param>
/// <param name="LimitsVersion">Version of the limit table when it last changed what may bind the desk, as far as the desk knows.</param>
/// <param name="NextValidityInstant">When the limits in force change by themselves; null when they stay.</param>
public sealed record JournalRecord(
    string Desk,
    long Sequence,
    DateTimeOffset At,
    IReadOnlyList<DeskInput> Inputs,
    IReadOnlyList<Episode> Episodes,
    IReadOnlyList<EpisodeReport> Outbox,
    Totals Totals,
    long LimitsVersion,
    DateTimeOffset? NextValidityInstant)
{
    /// <summary>Figures that entered or left the warning band with the step. Only of a record that is new: they follow from the inputs and are not stored with them.</summary>
    public IReadOnlyList<UtilisationChange> Utilisation { get; init; } = [];
}
