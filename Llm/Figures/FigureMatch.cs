namespace RiskMonitor.Llm.Figures;

/// <summary>Whether a figure of a text is one of a result, after the rounding and scaling that the text states.</summary>
internal static class FigureMatch
{
    /// <summary>A figure rounded further than that misleads, however it is written.</summary>
    private const decimal MostRounded = 0.05m;

    public static bool SaysValue(Figure figure, Evidence evidence, Wording wording) => figure.Kind switch
    {
        FigureKind.Moment => evidence.Kind == EvidenceKind.Instant && figure.Moment!.Says(evidence.Instant) && (figure.Moment.TimeOfDay is null || !evidence.IsDate),
        FigureKind.Share => evidence.Kind == EvidenceKind.Ratio && IsNear(figure, figure.Value, evidence.Value),
        // What has a currency counts nothing, whatever follows it: "1,500 USD exceeds the limit".
        FigureKind.Number when figure is { Noun: { } noun, Unit: null } => evidence.Kind == EvidenceKind.Count && (evidence.Noun is null || evidence.Noun == noun)
            && noun != CountNoun.Duration && figure.Value == evidence.Value,
        FigureKind.Number => evidence.Kind switch
        {
            EvidenceKind.Amount when evidence.Metric is EvidenceMetric.NetChange or EvidenceMetric.GrossChange => SaysChange(figure, evidence, wording),
            EvidenceKind.Amount => SaysAmount(figure, evidence, wording.Direction),
            EvidenceKind.Count => figure.Unit is null && figure.Value == evidence.Value,
            EvidenceKind.Ratio => figure.Unit is null && IsNear(figure, figure.Value, evidence.Value),
            _ => false,
        },
        _ => false,
    };

    /// <summary>Whether the words beside the figure call it what it is: a sum that is called nothing is the net one.</summary>
    public static bool SaysMetric(Figure figure, Evidence evidence, Wording wording) => evidence.Metric switch
    {
        EvidenceMetric.Net or EvidenceMetric.NetChange => !wording.SaysGross || wording.SaysNet,
        EvidenceMetric.Gross or EvidenceMetric.GrossChange => wording.SaysGross,
        EvidenceMetric.GrossValue => wording.SaysGross || !wording.SaysNet,
        EvidenceMetric.Long => wording is { Direction: > 0, SaysNet: false },
        EvidenceMetric.Short => !wording.SaysNet && (wording.Direction < 0 || figure.IsSigned),
        EvidenceMetric.Rule => wording.SaysRule,
        _ => true,
    };

    /// <param name="known">Units that results state for the same desk.</param>
    public static bool SaysUnit(Figure figure, Evidence evidence, IReadOnlySet<string> known) => evidence.Kind != EvidenceKind.Amount || figure.Unit is not { } unit
        || (unit == "?" ? (evidence.Unit ?? known.FirstOrDefault()) is "JPY" or "CNY" or "CNH"
            : evidence.Unit is { } exact ? exact == unit
            : known.Contains(unit));

    private static bool SaysAmount(Figure figure, Evidence evidence, int direction)
    {
        if (IsNear(figure, figure.Value, evidence.Value))
        {
            // A positive figure called short has its sign turned by the words.
            return figure.IsSigned || !evidence.IsSigned || evidence.Value == 0 || direction == 0 || Math.Sign(evidence.Value) == direction;
        }

        // "Short 1,200,000" says −1,200,000.
        return evidence.Value < 0 && !figure.IsSigned && direction < 0 && IsNear(figure, -figure.Value, evidence.Value);
    }

    /// <summary>By how much something moved is no level of it: the words must say that it moved, and which way.</summary>
    private static bool SaysChange(Figure figure, Evidence evidence, Wording wording)
    {
        var way = Math.Sign(evidence.Value);
        return wording.Movement is { } movement
            && (wording.Direction == 0 || wording.Direction == way)
            && (movement == 0 || movement == way)
            && IsNear(figure, movement < 0 && !figure.IsSigned ? -figure.Value : figure.Value, evidence.Value);
    }

    private static bool IsNear(Figure figure, decimal said, decimal exact)
    {
        var difference = Math.Abs(said - exact);
        return difference == 0 || (difference <= figure.Step / 2 && difference <= MostRounded * Math.Abs(exact));
    }
}
