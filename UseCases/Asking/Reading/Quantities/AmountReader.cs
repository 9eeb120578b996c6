using System.Globalization;
using System.Text.RegularExpressions;
using RiskMonitor.Llm.Figures;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading.Quantities;

/// <summary>Reads amounts with what is said of them (over 3 million, 超过300万, between 50% and 80%), in folded text. What can be read in two ways is said.</summary>
public static partial class AmountReader
{
    /// <summary>Bounds and what is wrong with others; strikes both out.</summary>
    public static (IReadOnlyList<Bound> Bounds, IReadOnlyList<NotUsed> Problems) Read(FoldedText text)
    {
        var (bounds, problems) = (new List<Bound>(), new List<NotUsed>());
        foreach (Match match in Between().Matches(text.Rest))
        {
            Collect(match, [("a", ">="), ("b", "<=")]);
        }

        foreach (Match match in Compared().Matches(text.Rest))
        {
            if (By().IsMatch(text.Rest[..match.Index]))
            {
                // By how much a limit is exceeded is not asked for by any list.
                problems.Add(new NotUsed(
                    text.Written(match.Index, match.Length),
                    $"'by {text.Written(match.Index, match.Length)}' cannot be asked for; ask for desks over an amount or over a share of their limits, such as: which desks are over 120% of their limit?",
                    $"无法按“{text.Written(match.Index, match.Length)}”的超出金额查询；可以按金额或限额使用率查询，例如：哪些交易台的使用率超过 120%？"));
                text.Strike(match.Index, match.Length);
                continue;
            }

            if (CountedThing().Match(text.Rest, match.Index + match.Length) is { Success: true } thing)
            {
                var counted = text.Written(match.Index, match.Length + thing.Length);
                problems.Add(new NotUsed(
                    counted,
                    $"'{counted}' is no amount that is read here; write amounts as 3000000, 3,000,000 or 3 million, and shares of limits as 80%",
                    $"“{counted}”不是此处能读取的金额；金额请写作 3000000、3,000,000 或 300万，限额使用率请写作 80%"));
                text.Strike(match.Index, match.Length + thing.Length);
                continue;
            }

            var compared = OperatorOf(match.Groups["op"].Value.Trim(), match.Groups["after"].Value);
            Collect(match, [("a", match.Groups["neg"].Success ? new Bound(compared, 0, false, null, "").Not().Operator : compared)]);
        }

        return (bounds, problems);

        void Collect(Match match, (string Group, string Operator)[] numbers)
        {
            var written = text.Written(match.Index, match.Length);
            var values = numbers.Select(number => Value(match.Groups[number.Group].Value)).ToList();
            text.Strike(match.Index, match.Length);
            if (values.Any(value => value is null))
            {
                problems.Add(new NotUsed(
                    written,
                    $"'{written}' holds no amount that can be read in one way only; write it as 3000000, 3,000,000 or 3 million",
                    $"“{written}”中的金额无法唯一解读；请写作 3000000、3,000,000 或 300万"));
                return;
            }

            // Between 3 and 5 million: the scale that is said once holds for both.
            if (values.Count == 2 && values[0]!.Scale == 1 && values[1]!.Scale != 1 && values[0]!.Number <= values[1]!.Number / values[1]!.Scale)
            {
                values[0] = values[0]! with { Number = values[0]!.Number * values[1]!.Scale };
            }

            var isShare = values.Any(value => value!.IsShare);
            var currency = values.Select(value => value!.Currency).FirstOrDefault(code => code is not null);
            for (var i = 0; i < numbers.Length; i++)
            {
                bounds.Add(new Bound(numbers[i].Operator, isShare ? values[i]!.Number / 100 : values[i]!.Number, isShare, currency, written));
            }
        }
    }

    private static string OperatorOf(string word, string behind) => behind.Trim() switch
    {
        "以上" or "or more" or "or above" or "and above" or "or over" or "+" => ">=",
        "以下" or "以内" or "or less" or "or below" or "and below" or "or under" => "<=",
        _ => Least().IsMatch(word) ? ">=" : Most().IsMatch(word) ? "<=" : Less().IsMatch(word) ? "<" : Equal().IsMatch(word) ? "=" : ">",
    };

    /// <returns>Null where it can be read in no way, or in two.</returns>
    private static ReadAmount? Value(string text)
    {
        var match = Amount().Match(text);
        if (!match.Success || match.Length != text.Length)
        {
            return null;
        }

        var number = match.Groups["words"] is { Success: true } words ? EnglishNumber.Read(words.Value)?.Value
            : match.Groups["han"] is { Success: true } han ? ChineseNumber.Read(han.Value)?.Value
            : Digits(match.Groups["num"].Value, match.Groups["scale"].Success);
        var scale = match.Groups["scale"].Value switch
        {
            "" => 1m,
            "k" or "thousand" or "千" => 1_000m,
            "m" or "mm" or "mn" or "mio" or "mln" or "million" or "millions" or "百万" => 1_000_000m,
            "b" or "bn" or "bln" or "billion" or "billions" or "十亿" => 1_000_000_000m,
            "t" or "tn" or "trillion" or "trillions" or "万亿" => 1_000_000_000_000m,
            "万" => 10_000m,
            "十万" => 100_000m,
            "千万" => 10_000_000m,
            "亿" => 100_000_000m,
            "百亿" => 10_000_000_000m,
            _ => 100_000_000_000m,
        };
        var currency = new[] { match.Groups["before"], match.Groups["behind"] }.Where(group => group.Success && group.Length > 0).Select(group => CurrencyWords.Code(group.Value)).FirstOrDefault();
        try
        {
            return number is { } value ? new ReadAmount(value * scale * (match.Groups["share"].Value == "成" ? 10 : 1), scale, match.Groups["share"].Success, currency) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Digits with separators; null where a separator may be a decimal sign.</summary>
    private static decimal? Digits(string text, bool hasScale)
    {
        var plain = Thousands().IsMatch(text) ? text.Replace(",", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            : Plain().IsMatch(text) ? text
            : null;
        // 3.000 may be three, or three thousand.
        var isAmbiguous = plain is null || ThreeDecimals().IsMatch(text);
        return isAmbiguous && !(hasScale && plain is not null && !ThreeDecimals().IsMatch(text)) ? null
            : decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private const string Scales = @"thousand|millions?|mio|mln|mm|mn|billions?|bln|bn|trillions?|tn|万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|千|k|m|b|t";
    private const string EnglishWords = "(?:half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|point|and|thousand|million|billion|trillion)";
    private const string NumberWords = @"(?<![a-z\-])(?:" + EnglishWords + @"[\s\-]){0,12}(?:hundred|thousand|million|billion|trillion|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?![a-z])";
    private const string HanNumber = "(?<![〇零一二两三四五六七八九十百千万亿])(?>[〇零一二两三四五六七八九十百千万亿]{1,24}(?:点[〇零一二三四五六七八九]{1,12}[十百千万亿]{0,4})?)";

    private const string Pattern = @"(?<before>" + CurrencyWords.Pattern + @")?\s?(?:(?<num>-?\d{1,3}(?:\s\d{3}){1,8}(?![\d])|-?\d(?:[\d.,']{0,30}\d)?)\s?(?<scale>" + Scales + @")?(?![a-z0-9_])|(?<words>" + NumberWords + @")|(?<han>" + HanNumber + @"))"
        + @"(?<share>\s?(?:%|percent\b|per cent\b|pct\b)|成)?\s?(?<behind>" + CurrencyWords.Pattern + @")?";

    // The same without names, to stand within another pattern.
    private const string Unnamed = @"(?:" + CurrencyWords.Pattern + @")?\s?(?:(?<![\d.,'])(?:-?\d{1,3}(?:\s\d{3}){1,8}(?!\d)|-?\d(?:[\d.,']{0,30}\d)?)\s?(?:" + Scales + @")?(?![a-z0-9_])|" + NumberWords + @"|" + HanNumber + @")"
        + @"(?:\s?(?:%|percent\b|per cent\b|pct\b)|成)?(?:\s?(?:" + CurrencyWords.Pattern + @"))?";

    private const string Operators = @"(?:greater than or equal to|less than or equal to|at least|no less than|not less than|not below|not under|minimum of|a minimum of|at most|up to|no more than|not more than|not over|not above|not exceeding|(?:does|do|did) not exceed|doesn't exceed|don't exceed|a? ?maximum of|over|above|more than|greater than|larger than|bigger than|higher than|in excess of|exceed(?:s|ing|ed)?|beyond|north of|upwards of|under|below|less than|smaller than|lower than|fewer than|beneath|south of|exactly|equals?(?: to)?|worth|of"
        + @"|>=|<=|≥|≤|>|<|=|大于或?等于|小于或?等于|不低于|不少于|不小于|至少|不超过|不高于|不大于|至多|最多|未超过|没有?超过|没有?达到|超过|大于|高于|多于|超出|突破|达到|低于|小于|少于|不足|不到|未满|等于|超(?!限|标|额))";

    [GeneratedRegex(Pattern)]
    private static partial Regex Amount();

    [GeneratedRegex(@"(?:(?<![a-z])(?:between|from)\s|在|介于|从)\s?(?<a>" + Unnamed + @")\s?(?:and|to|-|–|和|与|到|至|~)\s?(?<b>" + Unnamed + @")(?:之间)?")]
    private static partial Regex Between();

    [GeneratedRegex(@"(?<neg>\b(?:not|[a-z]+n't|never|cannot)\s(?:currently\s|yet\s)?)?(?<![a-z])(?<op>" + Operators + @")\s?(?:the\s|amount\s|of\s)*(?<a>" + Unnamed + @")(?<after>\s?(?:or more|or above|and above|or over|or less|or below|and below|or under|\+))?|(?<a>" + Unnamed + @")(?<after>\s?(?:or more|or above|and above|or over|or less|or below|and below|or under|以上|以下|以内|\+))")]
    private static partial Regex Compared();

    /// <summary>What makes a number another amount, or none: a scale or a unit that is not read, and things that are counted.</summary>
    [GeneratedRegex(@"\G\s?(?:(?:lakhs?|crores?|dozens?|score|grand|gross|zillions?|bps?|basis\spoints?|points?|ticks?|times|x|fold|lots?|contracts?|shares|units?|positions?|trades?|traders?|securities|instruments?|currencies|alerts?|breaches|episodes?|counterparties|(?:over|above|beyond|past|below|under|inside)\s(?:its\s|their\s|the\s|any\s)?limits?)(?![a-z])|[〇零一二两三四五六七八九十半]|成|折|倍|股|手|份|张|口|笔|个(?!交易台|台)|条)")]
    private static partial Regex CountedThing();

    [GeneratedRegex(@"\bby\s(?:an?\s)?$")]
    private static partial Regex By();

    [GeneratedRegex(@"^(?:at least|no less than|not less than|not below|not under|.*minimum of|greater than or equal to|>=|≥|大于或?等于|不低于|不少于|不小于|至少|达到)$")]
    private static partial Regex Least();

    [GeneratedRegex(@"^(?:at most|up to|no more than|not more than|not over|not above|not exceeding|.*maximum of|(?:does|do|did) not exceed|doesn't exceed|don't exceed|less than or equal to|<=|≤|小于或?等于|不超过|不高于|不大于|至多|最多|未超过|没有?超过)$")]
    private static partial Regex Most();

    [GeneratedRegex(@"^(?:under|below|less than|smaller than|lower than|fewer than|beneath|south of|<|低于|小于|少于|不足|不到|未满|没有?达到)$")]
    private static partial Regex Less();

    [GeneratedRegex(@"^(?:exactly|equals?(?: to)?|=|等于|worth|of)$")]
    private static partial Regex Equal();

    [GeneratedRegex(@"^-?\d{1,3}(?:(?:,\d{3})+|(?:'\d{3})+|(?: \d{3})+)(?:\.\d+)?$")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^-?\d+(?:\.\d+)?$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^-?[1-9]\d{0,2}\.\d{3}$")]
    private static partial Regex ThreeDecimals();

    private sealed record ReadAmount(decimal Number, decimal Scale, bool IsShare, string? Currency);
}
