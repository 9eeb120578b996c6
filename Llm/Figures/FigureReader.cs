using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>
/// Finds the figures of a text: in digits with or without separators, scales, percent, currencies, in English and Chinese words, dates and
/// times. What has digits and cannot be read is found too: what cannot be read cannot be proven.
/// </summary>
internal static partial class FigureReader
{
    private const int MostDigits = 24;

    private static readonly Dictionary<string, decimal> s_scales = new(StringComparer.OrdinalIgnoreCase)
    {
        ["k"] = 1e3m,
        ["thousand"] = 1e3m,
        ["m"] = 1e6m,
        ["mm"] = 1e6m,
        ["mn"] = 1e6m,
        ["mln"] = 1e6m,
        ["mio"] = 1e6m,
        ["million"] = 1e6m,
        ["millions"] = 1e6m,
        ["b"] = 1e9m,
        ["bn"] = 1e9m,
        ["billion"] = 1e9m,
        ["t"] = 1e12m,
        ["tn"] = 1e12m,
        ["trillion"] = 1e12m,
        ["hundred"] = 100m,
        ["dozen"] = 12m,
    };

    /// <param name="text">A <see cref="PlainText"/>, without its names.</param>
    /// <returns>In the order of the text.</returns>
    public static IReadOnlyList<Figure> Read(string text)
    {
        var figures = new List<Figure>();
        var taken = new bool[text.Length];
        foreach (Match match in Enumerator().Matches(text))
        {
            // The numbers of a numbered list, as long as they count up.
            if (match.Groups["n"].Value == (figures.Count + 1).ToString(CultureInfo.InvariantCulture))
            {
                figures.Add(new Figure("", match.Index, match.Index + match.Length, FigureKind.Number));
                Array.Fill(taken, true, match.Index, match.Length);
            }
        }

        figures.Clear();
        Collect(MomentReader.Pattern(), (match, _) => MomentReader.Read(match) is { } moment
            ? new Figure(match.Value, match.Index, match.Index + match.Length, FigureKind.Moment, Moment: moment)
            : Unreadable(text, match.Index, match.Index + match.Length));
        Collect(Digits(), (match, floor) => InDigits(text, match, floor));
        Collect(EnglishNumber.Words(), (match, floor) => InEnglish(text, match, floor));
        Collect(EnglishNumber.Vague(), (match, _) => EnglishNumber.Multiple(match.Value) is { } multiple
            ? new Figure(match.Value, match.Index, match.Index + match.Length, FigureKind.Share, multiple, multiple / 10)
            : Unreadable(text, match.Index, match.Index + match.Length));
        Collect(ChineseNumber.Run(), (match, floor) => InChinese(text, match, floor));
        Collect(OtherNumber(), (match, _) => Unreadable(text, match.Index, match.Index + match.Length));
        figures.Sort((a, b) => a.Start.CompareTo(b.Start));
        return Joined(figures);

        // What belongs to one figure belongs to no other: a reader goes back as far as its floor.
        void Collect(Regex pattern, Func<Match, int, Figure?> read)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (match.Length > 0 && !taken.AsSpan(match.Index, match.Length).Contains(true)
                    && read(match, taken.AsSpan(0, match.Index).LastIndexOf(true) + 1) is { } figure)
                {
                    Array.Fill(taken, true, figure.Start, figure.End - figure.Start);
                    figures.Add(figure);
                }
            }
        }
    }

    private static Figure InDigits(string text, Match match, int floor)
    {
        var (start, end) = (match.Index, match.Index + match.Length);
        if (Value(match.Value) is not { } read || IsPartOfWord(text, start, end))
        {
            return Unreadable(text, start, end);
        }

        var isNegative = ReadSign(text, floor, ref start, out var isSigned);
        var unit = ReadCurrencyBefore(text, floor, ref start);
        if (unit is not null && !isSigned)
        {
            isNegative = ReadSign(text, floor, ref start, out isSigned);
        }

        var isOfHundred = ReadPrefix(text, "百分之", floor, ref start);
        return Complete(text, start, end, isNegative ? -read.Value : read.Value, read.Step, isSigned, unit, isOfHundred);
    }

    private static Figure? InEnglish(string text, Match match, int floor)
    {
        var words = match.Value.Trim();
        var (start, end) = (match.Index, match.Index + match.Value.TrimEnd().Length);
        if (EnglishNumber.Read(words) is not { } read)
        {
            return Unreadable(text, start, end);
        }

        var isNegative = ReadPrefix(text, "minus ", floor, ref start) || ReadPrefix(text, "negative ", floor, ref start);
        var figure = Complete(text, start, end, isNegative ? -read.Value : read.Value, read.Step, isNegative, null, false);
        // "one" is a pronoun more often than a number, and "one of" never counts.
        return words.Equals("one", StringComparison.OrdinalIgnoreCase) && figure is { Noun: null, Unit: null, Kind: FigureKind.Number } ? null : figure;
    }

    private static Figure? InChinese(string text, Match match, int floor)
    {
        var run = match.Groups["run"];
        var (start, end) = (run.Index, run.Index + run.Length);
        if (start > 0 && text[start - 1] == '第')
        {
            return null;
        }

        if (match.Groups["vague"].Success && "十百千万萬亿億".Contains(run.Value[0], StringComparison.Ordinal))
        {
            return Unreadable(text, match.Index, end);
        }

        var isOfHundred = ReadPrefix(text, "百分之", floor, ref start);
        var isNegative = ReadPrefix(text, "负", floor, ref start);
        var measured = Measure().Match(text, end);
        if (!isOfHundred && run.Value.StartsWith("百分之", StringComparison.Ordinal))
        {
            return null;
        }

        if (ChineseNumber.Read(run.Value) is not { } read)
        {
            return run.Length > 2 ? Unreadable(text, start, end) : null;
        }

        if (text.AsSpan(end).StartsWith("成"))
        {
            return new Figure(text[start..(end + 1)], start, end + 1, FigureKind.Share, read.Value / 10, 0.1m);
        }

        var figure = Complete(text, start, end, isNegative ? -read.Value : read.Value, read.Step, isNegative, null, isOfHundred);
        var isNumber = figure.Kind == FigureKind.Share || figure.Unit is not null
            || (measured.Success && run.Value != "一")
            || (figure.Noun is not null && measured.Success)
            || (run.Length >= 2 && read.Value >= 10 && run.Value is not ("千万" or "十分" or "万一" or "万千"));
        return isNumber ? figure : null;
    }

    /// <summary>Reads what follows a number: scale, percent, currency, and what is counted.</summary>
    private static Figure Complete(string text, int start, int end, decimal value, decimal step, bool isSigned, string? unit, bool isOfHundred)
    {
        while (Share().Match(text, end) is { Success: false } && Scale().Match(text, end) is { Success: true } scale)
        {
            var factor = s_scales.TryGetValue(scale.Groups["word"].Value, out var known) ? known : ChineseNumber.Scale(scale.Groups["word"].Value) ?? 0;
            if (factor == 0 || Math.Abs(value) > 1e15m || factor > 1e15m)
            {
                return Unreadable(text, start, end);
            }

            (value, step, end) = (value * factor, step * factor, scale.Index + scale.Length);
        }

        if (Share().Match(text, end) is { Success: true } share)
        {
            var part = share.Groups["percent"].Success ? 0.01m : share.Groups["basis"].Success ? 0.0001m : share.Groups["mille"].Success ? 0.001m : 1m;
            return new Figure(text[start..(share.Index + share.Length)], start, share.Index + share.Length, FigureKind.Share, value * part, step * part, isSigned);
        }

        if (isOfHundred)
        {
            return new Figure(text[start..end], start, end, FigureKind.Share, value / 100, step / 100, isSigned);
        }

        if (unit is null && Currencies.After().Match(text, end) is { Success: true } currency)
        {
            unit = Currencies.Code(currency);
            end = currency.Index + currency.Length;
        }

        if (step == 1 && value != 0 && About().IsMatch(text[..start]))
        {
            while (value % (step * 10) == 0 && step * 100 <= Math.Abs(value))
            {
                step *= 10;
            }
        }

        return new Figure(text[start..end], start, end, FigureKind.Number, value, step, isSigned, unit, Nouns.After(text, end));
    }

    /// <summary>Numbers with an exact form only: what could be read in two ways is not read.</summary>
    private static (decimal Value, decimal Step)? Value(string written)
    {
        if (!Exact().IsMatch(written) || written.Count(char.IsAsciiDigit) > MostDigits)
        {
            return null;
        }

        var digits = written.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var exponent = digits.IndexOfAny(['e', 'E']);
        var mantissa = exponent < 0 ? digits : digits[..exponent];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var places = (point < 0 ? 0 : mantissa.Length - point - 1) - (exponent < 0 ? 0 : int.Parse(digits[(exponent + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        var step = 1m;
        for (var i = 0; i < Math.Abs(places) && i <= MostDigits; i++)
        {
            step = places > 0 ? step / 10 : step * 10;
        }

        return (value, step);
    }

    /// <summary>As in Q3 or P1: what is no name that a result has is taken for a figure that none has either.</summary>
    private static bool IsPartOfWord(string text, int start, int end)
    {
        var before = start > 0 && char.IsLetter(text[start - 1]) && text[start - 1] < '\u2E80' && !Currencies.Before().IsMatch(text[..start]);
        var after = end < text.Length && char.IsLetter(text[end]) && text[end] < '\u2E80'
            && !Scale().Match(text, end).Success && !Share().Match(text, end).Success && !Currencies.After().Match(text, end).Success;
        return before || after;
    }

    /// <summary>A minus that is no hyphen and no range.</summary>
    private static bool ReadSign(string text, int floor, ref int start, out bool isSigned)
    {
        isSigned = false;
        var at = start;
        if (at > floor && text[at - 1] is '-' or '+' && (at < 2 || !(char.IsLetterOrDigit(text[at - 2]) || text[at - 2] is ')' or '%' or Names.Mark) || text[at - 2] >= '\u2E80' && text[at - 2] != Names.Mark))
        {
            isSigned = true;
            start = at - 1;
            return text[start] == '-';
        }

        if (ReadPrefix(text, "minus ", floor, ref start) || ReadPrefix(text, "negative ", floor, ref start) || ReadPrefix(text, "负", floor, ref start))
        {
            isSigned = true;
            return true;
        }

        return false;
    }

    private static bool ReadPrefix(string text, string prefix, int floor, ref int start)
    {
        if (!text.AsSpan(floor, start - floor).EndsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        start -= prefix.Length;
        return true;
    }

    private static string? ReadCurrencyBefore(string text, int floor, ref int start)
    {
        if (Currencies.Before().Match(text[Math.Max(floor, start - 8)..start]) is not { Success: true } currency)
        {
            return null;
        }

        start -= currency.Length;
        return Currencies.Code(currency);
    }

    /// <summary>1亿2000万 is one figure.</summary>
    private static List<Figure> Joined(List<Figure> figures)
    {
        var joined = new List<Figure>();
        foreach (var figure in figures)
        {
            if (joined.Count > 0 && joined[^1] is { Kind: FigureKind.Number, Unit: null } last && last.End == figure.Start && figure.Kind == FigureKind.Number
                && last.Text[^1] is '亿' or '億' or '万' or '萬' && Math.Abs(last.Value) % 10_000 == 0 && figure.Value >= 0 && figure.Value < Math.Abs(last.Value))
            {
                joined[^1] = figure with
                {
                    Text = last.Text + figure.Text,
                    Start = last.Start,
                    Value = last.Value < 0 ? last.Value - figure.Value : last.Value + figure.Value,
                    IsSigned = last.IsSigned,
                };
            }
            else
            {
                joined.Add(figure);
            }
        }

        return joined;
    }

    private static Figure Unreadable(string text, int start, int end) => new(text[start..end], start, end, FigureKind.Unreadable);

    [GeneratedRegex(@"^[ \t]*(?<n>\d{1,2})[.)、](?=\s)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Enumerator();

    /// <summary>The longest run that may be one number, a wrong one too.</summary>
    [GeneratedRegex(@"\d(?:[\d,.'_/\u2044]*\d)?(?: \d{3}(?![\d]))*(?:\.\d+)?(?:[eE][+-]?\d{1,2}(?!\d))?", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Exact();

    [GeneratedRegex(@"\G[\s-]?(?<word>(?i:thousand|millions?|billion|trillion|hundred|dozen|mio|mln|mn|mm|bn|tn|[kmbt])(?![\p{L}\d])|(?!百分)[十百千万萬亿億]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Scale();

    [GeneratedRegex(@"\G\s?(?:(?<percent>%|(?i:per\s?cent(?:age points?)?|pct|pp)(?!\p{L})|个?百分点)|(?<basis>(?i:bps?|basis points?)(?!\p{L})|个?基点)|(?<mille>‰)|(?<times>(?i:x|times|-?fold)(?!\p{L})|×(?!\s?10)|倍))", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex(@"\G(?:个|笔|条|家|项|次|位|名|只|块|台)")]
    private static partial Regex Measure();

    [GeneratedRegex(@"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|some)\s|[~≈约]\s?|大约|将近|接近|左右)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex About();

    /// <summary>Fractions, superscripts, Roman numerals and the like.</summary>
    [GeneratedRegex(@"[\p{No}\p{Nl}-[〇]]")]
    private static partial Regex OtherNumber();
}
