namespace RiskMonitor.Risk.Evidence;

/// <summary>The chains of evidence, for those who check and read them. Writers append to them by what they write.</summary>
public interface IEvidenceLog
{
    /// <summary>The heads of the chains that this process writes, as of their last commits.</summary>
    IReadOnlyList<EvidenceHead> Heads { get; }

    /// <summary>Reads all chains and the rows that they speak of, from one snapshot of the database. Writers go on meanwhile.</summary>
    /// <param name="seen">Heads that were published, which the chains must still contain.</param>
    /// <param name="upgraded">When the last program that keeps no evidence ended; null: an hour after the first chain began.</param>
    Task<EvidenceCheck> VerifyAsync(IReadOnlyList<EvidenceHead> seen, DateTimeOffset? upgraded, CancellationToken cancellationToken);

    /// <summary>The entries about a subject, in the order of what they record.</summary>
    Task<IReadOnlyList<EvidenceEntry>> AboutAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Removes some of the entries older than an instant, from the beginnings of their chains. An entry says which.</summary>
    /// <returns>How many; 0 when none are left.</returns>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Names in this process's chain the heads of other chains that have moved since it named them last, so that they cannot be cut off without a trace.</summary>
    Task LinkAsync(CancellationToken cancellationToken);
}

/// <summary>What a check found.</summary>
/// <param name="Began">When the oldest entry was written; null where there is none.</param>
/// <param name="PrunedBefore">Entries older than this were removed by retention; null where none were.</param>
/// <param name="Rows">The rows of each table that were compared with an entry.</param>
/// <param name="RowsBefore">The rows of each table from before the chains began, or older than the entries kept: nothing is known of them.</param>
/// <param name="Findings">What is wrong, at most <see cref="MostFindings"/>.</param>
/// <param name="FindingCount">How much is.</param>
public sealed record EvidenceCheck(
    IReadOnlyList<CheckedChain> Chains,
    long Entries,
    DateTimeOffset? Began,
    DateTimeOffset? PrunedBefore,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyDictionary<string, long> RowsBefore,
    IReadOnlyList<EvidenceFinding> Findings,
    long FindingCount)
{
    public const int MostFindings = 1_000;

    public bool IsClean => FindingCount == 0;
}

/// <summary>A chain that was read.</summary>
/// <param name="From">Its first entry; above 1 where older ones were removed by retention.</param>
public sealed record CheckedChain(EvidenceHead Head, long From, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>Something that is not as it was written.</summary>
/// <param name="Problem">One of <see cref="EvidenceProblems"/>.</param>
/// <param name="Chain">The chain, and the entry of it that shows the problem; null for a row that no entry records.</param>
/// <param name="Table">The table, where a row is concerned.</param>
/// <param name="Subject">The alert, limit, endpoint, key or request.</param>
public sealed record EvidenceFinding(string Problem, string? Chain, long? Sequence, string? Table, string? Subject, string Detail);

/// <summary>What can be wrong.</summary>
public static class EvidenceProblems
{
    public const string EntryEdited = "entry_edited";
    public const string EntryMissing = "entry_missing";
    public const string EntryInserted = "entry_inserted";
    public const string EntryReordered = "entry_reordered";

    /// <summary>A head that was published, or named by another chain, is not in the chain any more.</summary>
    public const string HeadLost = "head_lost";

    /// <summary>A chain was made with a key that is not known here, so that its hashes cannot be checked.</summary>
    public const string KeyMissing = "key_missing";

    /// <summary>A chain without a key, or with an older one, goes on although there are chains of the current key; or there is none of the current key.</summary>
    public const string OtherKey = "other_key";

    public const string RowChanged = "row_changed";
    public const string RowDeleted = "row_deleted";
    public const string RowInserted = "row_inserted";
}
