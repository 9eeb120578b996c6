namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>The time that a question asks for.</summary>
/// <param name="From">The instant, or the start of the day or span; null if the span has no start.</param>
/// <param name="To">The exclusive end of the day or span; null for an instant and for a span without an end.</param>
/// <param name="Day">The day in the business time zone; null if the time is not a whole day.</param>
public sealed record RequestedTime(TimeKind Kind, string Written, DateTimeOffset? From, DateTimeOffset? To, DateOnly? Day)
{
    /// <summary>The question marks the time as an instant with "as of".</summary>
    public bool IsAsOf { get; init; }
}

public enum TimeKind
{
    Now,
    Instant,
    Day,
    Span,
}

/// <summary>Words of a question that could not be used, and the reason in both languages.</summary>
public sealed record NotUsed(string Written, string English, string Chinese);
