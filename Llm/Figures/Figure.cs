namespace RiskMonitor.Llm.Figures;

/// <summary>A figure as it was read in running text.</summary>
/// <param name="Text">As written, with its scale and unit.</param>
/// <param name="Start">Where it begins in the <see cref="PlainText"/>; likewise its end.</param>
/// <param name="Value">In full: 1.2 million is 1,200,000; of a share 1 is 100 %.</param>
/// <param name="Step">The place to which it was rounded, in full: 100,000 for 1.2 million.</param>
/// <param name="IsSigned">It bears a sign of its own.</param>
/// <param name="Unit">The currency beside it; null where there is none.</param>
/// <param name="Noun">What it counts; null where it does not say.</param>
/// <param name="Moment">Of a date or time.</param>
internal sealed record Figure(
    string Text,
    int Start,
    int End,
    FigureKind Kind,
    decimal Value = 0,
    decimal Step = 0,
    bool IsSigned = false,
    string? Unit = null,
    CountNoun? Noun = null,
    Moment? Moment = null);

internal enum FigureKind
{
    /// <summary>An amount or a count.</summary>
    Number,

    /// <summary>A percentage, a multiple, basis points.</summary>
    Share,

    /// <summary>A date or a time of day.</summary>
    Moment,

    /// <summary>Its meaning is unknown, so that no result can prove it.</summary>
    Unreadable,
}

/// <summary>What a count counts.</summary>
internal enum CountNoun
{
    Desk,
    Position,
    Alert,
    Breach,
    Trader,
    Security,
    Limit,
    Currency,
    Change,

    /// <summary>Hours, days: results have points in time, and how far apart they are would be worked out.</summary>
    Duration,
}

/// <summary>A date, a time of day, or both, in UTC; what is null was not said.</summary>
/// <param name="Precision">Of the time: a minute, a second or a millisecond.</param>
internal sealed record Moment(int? Year, int? Month, int? Day, TimeSpan? TimeOfDay, TimeSpan Precision)
{
    public bool Says(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return (Year is null || Year == utc.Year)
            && (Month is null || Month == utc.Month)
            && (Day is null || Day == utc.Day)
            && (TimeOfDay is not { } time || Math.Floor(time / Precision) == Math.Floor(utc.TimeOfDay / Precision));
    }
}
