namespace RiskMonitor.Llm.Figures;

/// <summary>A figure of a result.</summary>
/// <param name="Value">Amounts, ratios and counts.</param>
/// <param name="Unit">Of an amount: a currency or <c>mixed</c>; null where the result does not say.</param>
/// <param name="Noun">What a count counts; null where its name does not say.</param>
/// <param name="IsSigned">Its sign says long or short.</param>
/// <param name="Metric">Which of a desk's sums it is, or that it is none.</param>
/// <param name="Desk">Whose it is; null: of no single desk.</param>
/// <param name="IsBreached">Of a limit: it is in breach.</param>
/// <param name="Below">Names below the desk (trader, security, position) whose it is.</param>
internal sealed record Evidence(
    EvidenceKind Kind,
    decimal Value,
    DateTimeOffset Instant,
    bool IsDate,
    string? Unit,
    CountNoun? Noun,
    bool IsSigned,
    EvidenceMetric Metric,
    bool IsBreached,
    string? Desk,
    IReadOnlySet<string> Below,
    int Source,
    string Path,
    DateTimeOffset AsOf);

internal enum EvidenceKind
{
    Amount,
    Ratio,
    Count,
    Instant,
}

/// <summary>What a figure must be called, so that a gross sum is not passed off as a net one.</summary>
internal enum EvidenceMetric
{
    Other,
    Net,
    Gross,

    /// <summary>A gross sum under a name that says so elsewhere.</summary>
    GrossValue,
    Long,
    Short,

    /// <summary>No figure of the day, but a share at which something happens.</summary>
    Rule,

    /// <summary>By how much a net sum moved: no level of it.</summary>
    NetChange,

    /// <summary>The same of a gross sum.</summary>
    GrossChange,

    /// <summary>A limit of a net sum, or how much of it is used.</summary>
    NetLimit,

    /// <summary>The same of a gross sum.</summary>
    GrossLimit,
}
