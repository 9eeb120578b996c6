using RiskMonitor.Risk.Figures;

namespace RiskMonitor.Risk.Limits;

/// <summary>How much of a limit a figure uses.</summary>
/// <param name="Ratio">|figure| / threshold; null where there is no limit, at a threshold of 0, and beyond <see cref="Amounts.MostRatio"/>.</param>
public readonly record struct Utilisation(decimal? Ratio, UtilisationState State)
{
    public static readonly Utilisation None = new(null, UtilisationState.NoLimit);

    public static Utilisation Of(decimal figure, RiskLimit? limit)
    {
        if (limit is null)
        {
            return None;
        }

        var size = Math.Abs(figure);
        var state = size > limit.Threshold ? UtilisationState.Breach
            : limit.Threshold > 0 && size >= limit.WarningRatio * limit.Threshold ? UtilisationState.Warning
            : UtilisationState.Ok;
        return new Utilisation(Amounts.Ratio(size, limit.Threshold), state);
    }
}

/// <summary>Where a figure stands against its limit.</summary>
public enum UtilisationState
{
    NoLimit,
    Ok,
    Warning,
    Breach,
}

/// <summary>The names of utilisation states in answers and messages.</summary>
public static class UtilisationStates
{
    public static string Name(this UtilisationState state) => state switch
    {
        UtilisationState.NoLimit => "no_limit",
        UtilisationState.Ok => "ok",
        UtilisationState.Warning => "warning",
        _ => "breach",
    };
}

/// <summary>How far beyond its limit a figure is.</summary>
public enum Severity
{
    Info,
    Warning,
    Critical,
}

/// <summary>Grades a breach by its overshoot.</summary>
public static class Severities
{
    /// <summary>The severity of a figure strictly above the threshold: by (|figure| − threshold) / threshold; at a threshold of 0 always critical.</summary>
    public static Severity Of(decimal figure, RiskLimit limit)
    {
        if (limit.Threshold == 0)
        {
            return Severity.Critical;
        }

        var overshoot = Math.Abs(figure) - limit.Threshold;
        return Reaches(limit.Severity.Critical) ? Severity.Critical
            : Reaches(limit.Severity.Warning) ? Severity.Warning
            : Severity.Info;

        // A step that no amount reaches has no figure.
        bool Reaches(decimal step) => overshoot >= Amounts.Product(step, limit.Threshold);
    }

    public static string Name(this Severity severity) => severity switch
    {
        Severity.Info => "INFO",
        Severity.Warning => "WARNING",
        _ => "CRITICAL",
    };

    /// <returns>Null for a name that is none; case does not matter.</returns>
    public static Severity? Parse(string name) => name.ToUpperInvariant() switch
    {
        "INFO" => Severity.Info,
        "WARNING" => Severity.Warning,
        "CRITICAL" => Severity.Critical,
        _ => null,
    };
}
