using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Quantities;

/// <summary>The words and signs for currencies in folded text.</summary>
public static partial class CurrencyWords
{
    public const string Codes =
        "usd|eur|gbp|jpy|chf|cny|cnh|rmb|hkd|sgd|aud|nzd|cad|sek|nok|dkk|pln|czk|huf|ron|try|rub|zar|ils|inr|idr|krw|twd|thb|myr|php|vnd|brl|mxn|clp|cop|ars|pen|aed|sar|qar|kwd|egp|ngn|kes";

    public const string Pattern = @"(?:us\s?|hk|a|c|s)?\$|€|£|¥|₹|₩|(?<![a-z])(?:" + Codes + @"|us dollars?|dollars?|bucks|euros?|pounds?(?: sterling)?|sterling|yen|yuan|renminbi|swiss francs?|francs?|rupees?)(?![a-z])|美元|美金|美刀|欧元|英镑|日元|日圆|人民币|港元|港币|瑞士法郎|瑞郎|澳元|加元|新元|韩元|元";

    /// <summary>The ISO 4217 code; null for a sign that several currencies share.</summary>
    public static string? Code(string written) => written.Replace(" ", "", StringComparison.Ordinal) switch
    {
        "$" or "us$" or "usdollar" or "usdollars" or "dollar" or "dollars" or "bucks" or "美元" or "美金" or "美刀" => "USD",
        "hk$" or "港元" or "港币" => "HKD",
        "a$" or "澳元" => "AUD",
        "c$" or "加元" => "CAD",
        "s$" or "新元" => "SGD",
        "€" or "euro" or "euros" or "欧元" => "EUR",
        "£" or "pound" or "pounds" or "poundsterling" or "poundssterling" or "sterling" or "英镑" => "GBP",
        "yen" or "日元" or "日圆" => "JPY",
        "yuan" or "renminbi" or "rmb" or "人民币" or "元" => "CNY",
        "swissfranc" or "swissfrancs" or "franc" or "francs" or "瑞士法郎" or "瑞郎" => "CHF",
        "₹" or "rupee" or "rupees" => "INR",
        "₩" or "韩元" => "KRW",
        "¥" => null,
        var code => code.ToUpperInvariant(),
    };

    /// <summary>Currencies in a folded text, outside of amounts.</summary>
    [GeneratedRegex(Pattern)]
    public static partial Regex Any();

    /// <summary>Words that ask to convert figures into a currency, which no tool does.</summary>
    [GeneratedRegex(@"\b(?:convert(?:ed|s)?|translat(?:e|ed)|equivalents?|expressed)\b|折合|折算|换算|换成|折成|等值")]
    public static partial Regex Conversion();
}
