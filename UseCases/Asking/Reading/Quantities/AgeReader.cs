using System.Text.RegularExpressions;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading.Quantities;

/// <summary>Reads how long a breach has been open (for more than two hours, older than 3 days, 超过两小时), and how many rows are asked for (top 3, 前五).</summary>
public static partial class AgeReader
{
    private const string Units = "seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?";
    private const string ChineseUnits = "秒钟?|分钟|小时|钟头|天|周|星期";

    public static Age? Read(FoldedText text)
    {
        var match = Duration().Match(text.Rest);
        if (!match.Success || TimeNumbers.Count(match.Groups["n"].Value) is not { } count)
        {
            return null;
        }

        var seconds = match.Groups["unit"].Value[0] switch
        {
            's' or '秒' => 1,
            'm' or '分' => 60,
            'h' or '小' or '钟' => 3_600,
            'd' or '天' => 86_400,
            _ => 604_800,
        };
        var written = text.Written(match.Index, match.Length);
        text.Strike(match.Index, match.Length);
        return new Age(!LessWord().IsMatch(match.Groups["op"].Value), TimeSpan.FromSeconds(Math.Min(count * seconds, TimeSpan.FromDays(36_500).TotalSeconds)), written);
    }

    public static int? Count(FoldedText text)
    {
        var match = Rows().Match(text.Rest);
        if (!match.Success || TimeNumbers.Whole(match.Groups["n"].Value) is not { } count)
        {
            return null;
        }

        var number = match.Groups["n"];
        text.Strike(number.Index, number.Length);
        return count;
    }

    [GeneratedRegex(@"(?:\bfor\s)?\b(?<op>more than|over|longer than|older than|at least|exceeding|less than|under|younger than|shorter than|newer than)\s(?<n>" + TimeNumbers.English + @")\s?(?<unit>" + Units + @")(?:\s(?:old|long))?\b(?!\s(?:ago|earlier|back))"
        + @"|(?<op>超过|大于|多于|长达|至少|不到|少于|不足)了?(?<n>" + TimeNumbers.Chinese + @")\s?个?(?<unit>" + ChineseUnits + @")(?!之?以?[前内])|(?<n>" + TimeNumbers.Chinese + @")\s?个?(?<unit>" + ChineseUnits + @")(?<op>以上)")]
    private static partial Regex Duration();

    [GeneratedRegex("^(?:less than|under|younger than|shorter than|newer than|不到|少于|不足)$")]
    private static partial Regex LessWord();

    [GeneratedRegex(@"\b(?:top|first|largest|biggest|riskiest|last|latest|newest|most recent)\s(?<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\b(?!\s?[.,:/\-]\d|\s?(?:%|million|thousand|billion|hours?|days?|minutes?|weeks?|months?))"
        + @"|(?<![\d.,:/\-])\b(?<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twenty)\s(?=(?:of the\s)?(?:largest|biggest|top|newest|latest|most recent|riskiest|worst)\b)"
        + @"|(?:前|最大的|最近的?|最新的?)\s?(?<n>\d{1,3}|[一二两三四五六七八九十]{1,2})(?=\s?(?:大|名|个|位|家|条|笔|只|台))")]
    private static partial Regex Rows();
}
