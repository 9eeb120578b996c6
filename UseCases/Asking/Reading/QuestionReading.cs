using RiskMonitor.UseCases.Asking.Reading.Quantities;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>The interpretation of a question.</summary>
public sealed record QuestionReading
{
    public required Topic Topic { get; init; }

    public required Language Language { get; init; }

    /// <summary>The exact names of the desks that the question names, in its order.</summary>
    public IReadOnlyList<string> Desks { get; init; } = [];

    /// <summary>Text in the position of a desk's name that is not the name of a desk visible to the caller.</summary>
    public string? UnknownDesk { get; init; }

    /// <summary>Desks that the question excludes.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>An instant (RFC 3339), or a date for that day's close; null: now.</summary>
    public string? AsOf { get; init; }

    /// <summary>The time that the question names; null if it names none.</summary>
    public RequestedTime? When { get; init; }

    /// <summary>Conditions that desks must meet to be listed, as list_desks takes them.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>The amounts of these conditions, in the question's words.</summary>
    public IReadOnlyList<Bound> Bounds { get; init; } = [];

    /// <summary>True: only desks in breach; false: only desks not in breach; null: both.</summary>
    public bool? IsInBreach { get; init; }

    /// <summary>The number of rows that the question asks for.</summary>
    public int? Count { get; init; }

    /// <summary>Days on which positions were entered, both included.</summary>
    public DateOnly? EnteredFrom { get; init; }

    public DateOnly? EnteredTo { get; init; }

    /// <summary>An alert's status.</summary>
    public string? Status { get; init; }

    /// <summary>The question names a time that is ambiguous, wrong or in the future.</summary>
    public bool IsTimeUnclear { get; init; }

    /// <summary>Words that change the meaning and could not be used. If there are any, the question is not answered.</summary>
    public IReadOnlyList<NotUsed> NotUsed { get; init; } = [];

    public string? Horizon { get; init; }

    /// <summary>The dimension of contributors: trader, security or currency.</summary>
    public string GroupBy { get; init; } = "trader";

    public string? TraderId { get; init; }

    public string? SecurityId { get; init; }

    public string? Currency { get; init; }

    public string? Severity { get; init; }

    /// <summary>Only alerts whose breach is open.</summary>
    public bool IsOpenOnly { get; init; }

    /// <summary>Only alerts whose breach has ended.</summary>
    public bool IsCuredOnly { get; init; }

    public DateTimeOffset? OpenedFrom { get; init; }

    public DateTimeOffset? OpenedTo { get; init; }

    public Guid? AlertId { get; init; }

    /// <summary>Guesses that the reader made, so that the user can check them.</summary>
    public IReadOnlyList<string> Guesses { get; init; } = [];

    /// <summary>Words that were not understood and were ignored.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}

/// <summary>The topic of a question.</summary>
public enum Topic
{
    Unknown,

    /// <summary>The user wants to change something, which questions cannot do.</summary>
    Action,

    /// <summary>A question about the past without a date or time.</summary>
    VaguePast,
    Exposure,
    Breaches,
    Contributors,
    Alerts,
    OneAlert,
    Comparison,
    Overview,

    /// <summary>Which desks use the most of their limits.</summary>
    Utilisation,

    /// <summary>Which desk is the largest.</summary>
    Ranking,

    /// <summary>Which desks meet conditions.</summary>
    Selection,

    /// <summary>The exposure of one trader.</summary>
    Trader,
    Limits,
    Positions,
    DeskNames,
}

/// <summary>The language in which the answer is written.</summary>
public enum Language
{
    English,
    Chinese,
}
