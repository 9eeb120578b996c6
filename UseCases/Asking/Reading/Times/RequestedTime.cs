namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>The time that a question asks for.</summary>
/// <param name="From">An instant, or where a day or span begins; null: it has no beginning.</param>
/// <param name="To">Where a day or span ends, exclusive; null for an instant and for a span that goes on.</param>
/// <param name="Day">The day in the business time zone, where it is one.</param>
public sealed record RequestedTime(TimeKind Kind, string Written, DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day)
{
    /// <summary>It is said to be the instant for which things stood so ("as of").</summary>
    public bool IsAsOf { get; init; }
}

public enum TimeKind
{
    Now,
    Instant,
    Day,
    Span,
}

/// <summary>Words of a question that could not be used, and why; in both languages.</summary>
public sealed record NotUsed(string Written, string English, string Chinese);
