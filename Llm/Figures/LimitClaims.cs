using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>The one thing without a figure that must not be wrong: whether a desk is within its limits.</summary>
internal static partial class LimitClaims
{
    /// <summary>Whether a sentence says of anybody that limits are kept or breached.</summary>
    public static bool IsClaim(string sentence) => Within().IsMatch(sentence) || PlaysDown().IsMatch(sentence) || Breach().IsMatch(sentence);

    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Problem(string rest, Subjects subjects, IReadOnlyDictionary<string, bool> breaches)
    {
        foreach (var sentence in subjects.Sentences())
        {
            var desks = subjects.DesksIn(sentence);
            var isOne = desks.Count == 1;
            // With several desks in a sentence it is unknown which is meant; with none, all are.
            var (all, any) = desks.Count == 0
                ? (breaches.Values.All(breach => breach), breaches.Values.Any(breach => breach))
                : isOne && breaches.TryGetValue(desks[0], out var breach) ? (breach, breach) : (true, false);
            var text = rest[sentence.Start..sentence.End];
            if (breaches.Count > 0 && any && ((Within().IsMatch(text) && !Doubt().IsMatch(text)) || PlaysDown().IsMatch(text)) && (isOne || desks.Count == 0))
            {
                return $"'{text.Replace(Names.Mark.ToString(), "", StringComparison.Ordinal).Trim()}' says within limits{(isOne ? $" of {desks[0]}" : "")}, and the results say breach";
            }

            if (isOne && !all && Breach().IsMatch(text) && !Negation().IsMatch(text))
            {
                return $"'{text.Replace(Names.Mark.ToString(), "", StringComparison.Ordinal).Trim()}' says breach of {desks[0]}, and the results do not";
            }
        }

        return null;
    }

    [GeneratedRegex(@"\bwithin\s(?:\w+\s){0,4}limits?\b|\b(?:no|without|zero)\s(?:\w+\s){0,2}breach(?:es)?\b|\bnot\s(?:currently\s)?(?:in\sbreach|breaching)|\bnone\s(?:\w+\s){0,4}in\sbreach|未超限|没有超限|未突破|没有突破|限额(?:之)?内|无(?:超限|突破)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Within();

    /// <summary>
    /// Says in other words that nothing is wrong. What would bring a desk back below its limit, and what must not happen, is no such claim.
    /// </summary>
    [GeneratedRegex(
        @"(?<!\bto\s(?:be|get|bring|come|return|fall|move|put)(?:\s(?:it|the|this|its|net|gross|delta|back|exposure|desk|down|to|size|\uFFFC+))*\s)\b(?:under|below|beneath|inside|at)\s(?:its|the|their|all|every|any|each)\s(?:\w+\s){0,3}(?:limits?|mandates?|caps?|ceilings?|thresholds?)\b"
        + @"|(?<!\b(?:not|longer|never|fully|hardly)\s|\bnon-|n't\s)\b(?:compliant|complies|in\scompliance|acceptable|tolerable)\b"
        + @"|\bfalse\s(?:alarm|positive|alert)|\ball\s(?:is\s)?(?:well|good|clear|fine|in\sorder)\b|\bnothing\sto\s(?:worry|fear|do|see)\b"
        + @"|\b(?:no|without)\s(?:\w+\s)?(?:actions?|interventions?|hedges?|reductions?)\s(?:(?:is|are)\s)?(?:required|needed|necessary|warranted)\b|\bno\s(?:cause|reason|need)\s(?:for|to)\b|\bno\s(?:\w+\s)?(?:concerns?|problems?|issues?)\b"
        + @"|(?<!(?:not|never|n't)\s)\b(?:disregard|ignore|dismiss|mute|suppress)\s(?:this|the|it|that|all|any)\b"
        + @"|\b(?:ample|plenty\sof|enough|sufficient|comfortable)\s(?:\w+\s){0,2}(?:headroom|room|capacity)\b|\bnowhere\snear\b"
        + @"|(?<!\b(?:must|should|may|can|shall|to|would|will)\s)(?:\b(?:not|never)|n't)\s(?:(?:yet|ever|currently|actually|even|been)\s)?(?:exceed|breach|cross|surpass)(?:ed|es|ing)?\b"
        + @"|\bbreach(?:es)?\s(?:(?:is|was|are|has|have|been|now|already)\s)+(?:over|ended|cured|closed|resolved|gone)\b"
        + @"|\b(?:is|are|stands?|now)\s(?:\w+\s)?flat\b|\b(?:has|have|holds?|carries|carry|with)\sno\s(?:\w+\s)?(?:exposure|positions|risk)\b"
        + @"|(?<!不)符合|(?<!不)合规|可控|正常范围|(?:无需|不需要|不用)(?:采取|进行)?(?:任何)?(?:行动|处理|操作|减仓|对冲)|误报|没有(?:任何)?(?:问题|风险)|(?<![至到降回])低于(?:其)?(?:上限|限额|阈值)|上限(?:之)?内|忽略(?:此|该|这)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PlaysDown();

    [GeneratedRegex(@"\b(?:is|are|remains?|stands?)\s(?:\w+\s)?in\sbreach\b|\bbreach(?:es|ed|ing)\s(?:its|the|their)\b|\b(?:exceeds?|above|over)\s(?:its|the|their)\s(?:\w+\s){0,3}limits?\b|已?超限|超出限额|突破限额|超过限额", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Breach();

    [GeneratedRegex(@"\b(?:if|whether|would|could|might|may|not\swithin|no\slonger\swithin|was|were|other|others|rest|no|none|not|never)\b|[?？]|是否|如果|其余|其他|不在|未|没有|曾", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negation();

    [GeneratedRegex(@"\b(?:if|whether|would|could|might|may|not\swithin|no\slonger\swithin|was|were|others?|rest)\b|[?？]|是否|如果|其余|其他|不在|曾", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();
}
