namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>A time expression with its position in the folded question.</summary>
public sealed record TimeExpression(int At, int End, TimeExpressionKind Kind)
{
    /// <summary>Null: the most recent past occurrence, or the year of the other end of a range.</summary>
    public int? Year { get; init; }

    public int Month { get; init; }

    /// <summary>0 for a whole month.</summary>
    public int DayOfMonth { get; init; }

    public DayOfWeek Weekday { get; init; }

    /// <summary>last, this, next, or none.</summary>
    public string Modifier { get; init; } = "";

    /// <summary>The first day of a period; <see cref="To"/> is the day after its last.</summary>
    public DateOnly From { get; init; }

    public DateOnly To { get; init; }

    /// <summary>A clock time, or the start of a part of a day.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>The end of the part of a day; null for a clock time.</summary>
    public TimeSpan? ClockTo { get; init; }

    public TimeZoneInfo? Zone { get; init; }

    /// <summary>The instant, or the start of the span, of a time relative to now.</summary>
    public DateTimeOffset InstantFrom { get; init; }

    public DateTimeOffset? InstantTo { get; init; }

    /// <summary>start (the first instant of a period), end (its last day), or empty.</summary>
    public string Edge { get; init; } = "";

    public NotUsed? Problem { get; init; }

    public bool IsDay => Kind is TimeExpressionKind.Date or TimeExpressionKind.Weekday || (Kind == TimeExpressionKind.Period && To == From.AddDays(1));
}

public enum TimeExpressionKind
{
    /// <summary>A day of a month, or a month.</summary>
    Date,
    Weekday,

    /// <summary>Days from one to another.</summary>
    Period,

    /// <summary>A clock time, or a part of a day.</summary>
    Clock,

    /// <summary>A clock time on a known day.</summary>
    DayAndClock,

    /// <summary>An exact time relative to now, such as two hours ago.</summary>
    Instant,
    Rolling,
    Now,
    Problem,
}
