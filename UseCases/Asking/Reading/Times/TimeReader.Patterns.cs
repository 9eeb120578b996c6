using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>The words before, between and behind time expressions, in folded text.</summary>
public sealed partial class TimeReader
{
    [GeneratedRegex(@"^(?:'s)?[\s,]*(?:(?:at|on|of|the|in|around|about|@|的|在|于)\s?)*[\s,]*$")]
    private static partial Regex BetweenParts();

    [GeneratedRegex(@"^\s*(?:,\s*)?(?:and|to|-|–|—|~|until|till|up to|through|和|与|到|至)\s*(?:the\s|on\s|at\s)*$")]
    private static partial Regex BetweenEnds();

    [GeneratedRegex(@"(?:(?<![a-z0-9_])(?<w>as of|as at|as from|more than|longer than|at least|less than|since|starting(?: from| on)?|from|between|after|later than|before|prior to|earlier than|until|till|up to|up until|through|by|on|at|in|during|for|of|around|over|within|throughout|@)\s(?:the\s|about\s|around\s|close of business\s)*|(?<w>自从|自|从|在|于|截至|截止到?|到|至|直到|当)\s?)$")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\G\s?(?:(?<w>'s|onwards?|or later|or after|or earlier|or before|以来|起|开始|之后|以后|后(?!台)|之前|以前|前(?![0-9一二三四五六七八九十])|为止|止|当天|当日|那天|那时|时|的时候|至今|期间|间)\s?的?|的)")]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\b(?:since|starting|as from|onwards?|or later|or after)\b|自|从|起|开始|以来|至今")]
    private static partial Regex SinceWord();

    [GeneratedRegex(@"^(?:after|later than)\b|之后|以后|后")]
    private static partial Regex AfterWord();

    [GeneratedRegex(@"^(?:before|prior to|earlier than)\b|or before|or earlier|之前|以前|前")]
    private static partial Regex BeforeWord();

    [GeneratedRegex(@"^(?:until|till|up to|up until|through)\b|直到|^到|^至")]
    private static partial Regex UntilWord();

    [GeneratedRegex(@"^(?:as of|as at)$|截至|截止")]
    private static partial Regex AsOfWord();

    [GeneratedRegex(@"^(?:more than|over|longer than|at least)$")]
    private static partial Regex MoreThan();
}
