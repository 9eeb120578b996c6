using RiskMonitor.UseCases.Asking.Reading.Quantities;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>What a question was taken to mean.</summary>
public sealed record QuestionReading
{
    public required Topic Topic { get; init; }

    public required Language Language { get; init; }

    /// <summary>Desks that are named, by their exact names, in the order of the question.</summary>
    public IReadOnlyList<string> Desks { get; init; } = [];

    /// <summary>What stands where a desk's name would, and is none that the caller may see.</summary>
    public string? UnknownDesk { get; init; }

    /// <summary>Desks that are left out of what is asked for.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>An instant (RFC 3339), or a date for that day's close; null: now.</summary>
    public string? AsOf { get; init; }

    /// <summary>The time that is asked for, as it was read; null where none is named.</summary>
    public RequestedTime? When { get; init; }

    /// <summary>Conditions that desks must meet to be listed, as list_desks takes them.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>The amounts of these conditions, in the question's words.</summary>
    public IReadOnlyList<Bound> Bounds { get; init; } = [];

    /// <summary>Desks in breach; false: those that are not. Null: whichever.</summary>
    public bool? IsInBreach { get; init; }

    /// <summary>How many rows are asked for.</summary>
    public int? Count { get; init; }

    /// <summary>Days on which positions were entered, both included.</summary>
    public DateOnly? EnteredFrom { get; init; }

    public DateOnly? EnteredTo { get; init; }

    /// <summary>An alert's status.</summary>
    public string? Status { get; init; }

    /// <summary>A time is named that is ambiguous, wrong or yet to come.</summary>
    public bool IsTimeUnclear { get; init; }

    /// <summary>Words that mean something and could not be used: the question is not answered without them.</summary>
    public IReadOnlyList<NotUsed> NotUsed { get; init; } = [];

    public string? Horizon { get; init; }

    /// <summary>trader, security or currency: what contributors are asked for.</summary>
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

    /// <summary>Guesses that were made, for the one who asked to check.</summary>
    public IReadOnlyList<string> Guesses { get; init; } = [];

    /// <summary>Words that were not understood and left aside.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];
}

/// <summary>What a question is about.</summary>
public enum Topic
{
    Unknown,

    /// <summary>Something is to be changed; questions change nothing.</summary>
    Action,

    /// <summary>A past that is not named by date or time.</summary>
    VaguePast,
    Exposure,
    Breaches,
    Contributors,
    Alerts,
    OneAlert,
    Comparison,
    Overview,

    /// <summary>Who is closest to a limit.</summary>
    Utilisation,

    /// <summary>Which desk is the largest.</summary>
    Ranking,

    /// <summary>Which desks meet conditions.</summary>
    Selection,

    /// <summary>What one trader carries.</summary>
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
