using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>Evidence that has one entry about whatever is asked for, and another one of a chain whose key this process does not know.</summary>
internal sealed class OneEntryEach : IEvidenceLog
{
    public IReadOnlyList<EvidenceHead> Heads => [];

    public Task<IReadOnlyList<EvidenceEntry>> AboutAsync(string subject, CancellationToken cancellationToken)
    {
        var at = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
        var hash = EvidenceEntry.HashOf("main", 7, EvidenceEntry.NoHash, EvidenceKinds.Alert, subject, 1, at, Document);
        return Task.FromResult<IReadOnlyList<EvidenceEntry>>(
        [
            new("main", 7, at, EvidenceKinds.Alert, subject, 1, Document, EvidenceEntry.NoHash, hash),
            new("main.630dcd29", 3, at, EvidenceKinds.Alert, subject, 2, Document, EvidenceEntry.NoHash, new string('7', 64)),
        ]);
    }

    public Task<EvidenceCheck> VerifyAsync(IReadOnlyList<EvidenceHead> seen, DateTimeOffset? upgraded, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task LinkAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Not for the eyes of whoever reads the report.</summary>
    public const string Document = """{"row":{"desk":"not to be shown"}}""";
}
