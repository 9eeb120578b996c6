using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>Currencies as people write them, read as ISO 4217 codes.</summary>
internal static partial class Currencies
{
    /// <summary>A pattern of the codes that are known.</summary>
    public const string Codes =
        "USD|EUR|GBP|JPY|CHF|CNY|CNH|HKD|SGD|AUD|NZD|CAD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|RUB|ZAR|ILS|INR|IDR|KRW|TWD|THB|MYR|PHP|VND|BRL|MXN|CLP|COP|ARS|PEN|AED|SAR|QAR|KWD|EGP|NGN|KES|XAU|XAG|RMB";

    private const string Words =
        "US dollars?|dollars?|bucks|euros?|pounds?(?: sterling)?|sterling|yen|yuan|renminbi|Swiss francs?|francs?|rupees?|美元|美金|欧元|英镑|日元|日圆|人民币|港元|港币|瑞士法郎|瑞郎|澳元|加元|新元|韩元|元";

    private static readonly Dictionary<string, string> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["$"] = "USD",
        ["US$"] = "USD",
        ["HK$"] = "HKD",
        ["A$"] = "AUD",
        ["C$"] = "CAD",
        ["S$"] = "SGD",
        ["€"] = "EUR",
        ["£"] = "GBP",
        ["¥"] = "?",
        ["₹"] = "INR",
        ["₩"] = "KRW",
        ["dollar"] = "USD",
        ["us dollar"] = "USD",
        ["buck"] = "USD",
        ["euro"] = "EUR",
        ["pound"] = "GBP",
        ["pounds sterling"] = "GBP",
        ["pound sterling"] = "GBP",
        ["sterling"] = "GBP",
        ["yen"] = "JPY",
        ["yuan"] = "CNY",
        ["renminbi"] = "CNY",
        ["rmb"] = "CNY",
        ["swiss franc"] = "CHF",
        ["franc"] = "CHF",
        ["rupee"] = "INR",
        ["美元"] = "USD",
        ["美金"] = "USD",
        ["欧元"] = "EUR",
        ["英镑"] = "GBP",
        ["日元"] = "JPY",
        ["日圆"] = "JPY",
        ["人民币"] = "CNY",
        ["元"] = "CNY",
        ["港元"] = "HKD",
        ["港币"] = "HKD",
        ["瑞士法郎"] = "CHF",
        ["瑞郎"] = "CHF",
        ["澳元"] = "AUD",
        ["加元"] = "CAD",
        ["新元"] = "SGD",
        ["韩元"] = "KRW",
    };

    /// <summary>A currency that ends where a figure begins.</summary>
    [GeneratedRegex(@"(?:(?<![\p{L}\d])(?<code>" + Codes + @")|(?<symbol>(?:US|HK|A|C|S)?\$|€|£|¥|₹|₩)|(?<code>人民币|美元|欧元))\s?$", RegexOptions.CultureInvariant)]
    public static partial Regex Before();

    /// <summary>A currency that begins where a figure ends.</summary>
    [GeneratedRegex(@"\G(?:\s|\()*(?:(?<code>" + Codes + @")(?![\p{L}\d]|/)|(?<symbol>(?:US|HK|A|C|S)?\$|€|£|¥|₹|₩)(?!\s?\d)|(?<word>(?i:" + Words + @"))(?![a-z]))", RegexOptions.CultureInvariant)]
    public static partial Regex After();

    /// <summary>A currency anywhere.</summary>
    [GeneratedRegex(@"(?<![\p{L}\d])(?<code>" + Codes + @")(?![\p{L}\d])|(?<symbol>€|£|₹|₩|(?:US|HK|A|C|S)?\$)|(?<word>美元|美金|欧元|英镑|日元|人民币|港元|(?<!\p{L})(?i:dollars|euros|yen|yuan|francs|sterling)(?!\p{L}))", RegexOptions.CultureInvariant)]
    public static partial Regex Anywhere();

    /// <summary>The code of what a match found; <c>?</c> where the sign stands for several.</summary>
    public static string Code(Match match)
    {
        var written = match.Groups["code"] is { Success: true } code ? code.Value : match.Groups["symbol"] is { Success: true } symbol ? symbol.Value : match.Groups["word"].Value;
        return s_known.GetValueOrDefault(written) ?? s_known.GetValueOrDefault(written.TrimEnd('s', 'S')) ?? written.ToUpperInvariant();
    }
}
