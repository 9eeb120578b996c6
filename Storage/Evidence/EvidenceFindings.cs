using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Collects what a check finds. A chain that was edited as a whole must not fill the memory.</summary>
internal sealed class EvidenceFindings
{
    private readonly List<EvidenceFinding> _kept = [];

    public long Count { get; private set; }

    /// <summary>In the order of chains and entries, then rows.</summary>
    public IReadOnlyList<EvidenceFinding> Kept =>
        [.. _kept.OrderBy(finding => finding.Table is not null).ThenBy(finding => finding.Chain, StringComparer.Ordinal).ThenBy(finding => finding.Sequence)];

    public void Add(string problem, string? chain, long? sequence, string? table, string? subject, string detail)
    {
        Count++;
        if (_kept.Count < EvidenceCheck.MostFindings)
        {
            _kept.Add(new EvidenceFinding(problem, chain, sequence, table, subject, detail));
        }
    }
}
