using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>What a count counts, by the words that follow it.</summary>
internal static partial class Nouns
{
    public static CountNoun? After(string text, int end)
    {
        var match = English().Match(text, end);
        if (!match.Success)
        {
            match = Chinese().Match(text, end);
        }

        return match.Success ? Of(match.Groups["noun"].Value) : null;
    }

    /// <returns>Null for what is nothing that results count.</returns>
    public static CountNoun? Of(string word) => word.ToLowerInvariant().TrimEnd('s') switch
    {
        "desk" or "交易台" or "台" => CountNoun.Desk,
        "position" or "头寸" or "仓位" or "持仓" => CountNoun.Position,
        "alert" or "告警" or "警报" or "预警" => CountNoun.Alert,
        "breach" or "breache" or "突破" or "违规" or "超限" => CountNoun.Breach,
        "trader" or "交易员" => CountNoun.Trader,
        "security" or "securitie" or "instrument" or "证券" or "标的" => CountNoun.Security,
        "limit" or "限额" => CountNoun.Limit,
        "currency" or "currencie" or "货币" or "币种" => CountNoun.Currency,
        "change" or "变动" => CountNoun.Change,
        "hour" or "minute" or "second" or "millisecond" or "day" or "week" or "month" or "year" or "小时" or "分钟" or "秒" or "天" or "周" or "年" => CountNoun.Duration,
        _ => null,
    };

    [GeneratedRegex(
        @"\G\s(?:(?:of|out of)\s(?:the\s|its\s|their\s|all\s)?\d[\d,]*\s)?(?:(?!and\b|or\b|with\b|at\b|against\b|over\b|on\b|in\b|is\b|are\b|of\b|across\b|by\b|to\b|for\b)[a-z]+[ -]){0,2}?(?<noun>desk|position|alert|breach|trader|security|securitie|instrument|limit|currency|currencie|change|hour|minute|millisecond|second|day|week|month|year)(?:s|es)?(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex English();

    [GeneratedRegex(@"\G\s?(?:个|笔|条|家|项|次|位|名|只)?(?:[^\d\s，。、,.;；:：()（）]{0,4}?)(?<noun>交易台|台|头寸|仓位|持仓|告警|警报|预警|突破|违规|超限|交易员|证券|标的|限额|货币|币种|变动|小时|分钟|秒|天|周|年)")]
    private static partial Regex Chinese();
}
