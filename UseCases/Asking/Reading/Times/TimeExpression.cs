namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>A part of a time expression, where it stands in the folded question.</summary>
public sealed record TimeExpression(int At, int End, TimeExpressionKind Kind)
{
    /// <summary>Null: the most recent that has been, or the other end's of a range.</summary>
    public int? Year { get; init; }

    public int Month { get; init; }

    /// <summary>0 for a whole month.</summary>
    public int DayOfMonth { get; init; }

    public DayOfWeek Weekday { get; init; }

    /// <summary>last, this, next, or none.</summary>
    public string Modifier { get; init; } = "";

    /// <summary>Of a period: its first day, and the one after its last.</summary>
    public DateOnly From { get; init; }

    public DateOnly To { get; init; }

    /// <summary>A clock time, or where a part of a day begins.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>Where the part of a day ends; null for a clock time.</summary>
    public TimeSpan? ClockTo { get; init; }

    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Of something reckoned from now.</summary>
    public DateTimeOffset InstantFrom { get; init; }

    public DateTimeOffset? InstantTo { get; init; }

    /// <summary>start or end of a period: that instant, or its last day.</summary>
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

    /// <summary>A clock time on a day: both are known.</summary>
    DayAndClock,

    /// <summary>Reckoned back from now.</summary>
    Instant,
    Rolling,
    Now,
    Problem,
}
