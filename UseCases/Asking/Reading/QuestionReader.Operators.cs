using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>
/// Words that turn a question into another one: exclusions, negations, comparisons, times, amounts. Whatever of them is left after reading was not
/// understood, and the question is not answered as if it were not there.
/// </summary>
public sealed partial class QuestionReader
{
    /// <summary>A desk's name that was found, as it stands struck out.</summary>
    private const string Name = @"\uE000+";
    private const string NamesAfter = @"(?:the\s|desks?\s|of\s|those\s|from\s|on\s|alerts\s|all\s)*" + Name + @"(?:(?:\s|,|、|/|&|\+|and\b|or\b|nor\b|和|与|及|或)+(?:the\s)?" + Name + ")*";

    [GeneratedRegex(@"(?:\b(?:except(?:ing)?(?:\sfor)?|excluding|excludes?|excl\.?|without|other\sthan|but(?:\snot)?|apart\sfrom|aside\sfrom|besides|minus|ex|not|save(?:\sfor)?|barring|bar|sans|outside(?:\sof)?|rather\sthan|instead\sof|leaving\sout|leave\sout|leaves\sout|omit(?:ting)?|ignoring|ignore|with\sthe\sexception\sof|non)[\s:\-]\s?|(?:除了?|除去|不包括|不包含|不含|不算|不计|排除|剔除|去掉|扣除|减去|非)\s?)" + NamesAfter + @"(?:\sdesks?)?(?:\s?(?:交易台|台))?\s?(?:以外的?|之外的?|外的?|\sexcluded)?"
        + "|" + Name + @"(?:(?:\s|,|、|/|&|and\b|和|与|及)+" + Name + @")*(?:\sdesks?)?(?:交易台|台)?\s?(?:excluded|excepted|aside|left out|-free|除外|以外的?|之外的?|不算在内|不算)")]
    private static partial Regex Exclusion();

    private const string Limits = @"(?:(?:any|all|its|their|the|a|of|some|intraday|overnight|net|gross|delta|risk)\s)*limits?\b";
    private const string No = @"(?:\bnot|\b[a-z]+n't|\bno\slonger|\bcannot|\bno|\bwithout|\bfree\s(?:of|from))\s(?:(?:currently|yet|any|an?|be|been|being|now|in|actually|have|had|open)\s)*";

    [GeneratedRegex(@"(?:" + No + @"(?:within|inside|below|under|respect\w*|observ\w*|compl\w+\swith)|\b(?:outside|beyond)(?:\sof)?)\s" + Limits + @"|(?:不在|未在|超出)限额(?:以内|之内|内)?")]
    private static partial Regex OutsideLimits();

    [GeneratedRegex(No + @"(?:breach\w*|violat\w*|exceed\w*(?:\s" + Limits + @")?|(?:over|above|beyond|past)\s" + Limits + @")|\b(?:non[\s\-]?breach\w*|unbreached|breach[\s\-]free|compliant)\b|\b(?:within|below|under|inside|respect\w*|observ\w*|compl\w+\swith)\s" + Limits
        + @"|(?:并未|(?<![从])未(?!曾)|没有?|不|无)(?:被|有|出现|发生|处于|存在|任何|在)*(?:超限|违规|突破(?:限额)?|超标|超出(?:限额)?|超过限额|超额)|限额(?:以内|之内|内)|(?<!不)合规")]
    private static partial Regex WithinLimits();

    [GeneratedRegex(@"\b(?:without|no|lacking|missing)\s(?:an?\s|any\s)?limits?\b|\b(?:have|has|having|with)\sno\s(?:\w+\s)?limits?\b|(?:没有|无|未)(?:设置?|设定)?(?:任何)?限额")]
    private static partial Regex NoLimit();

    /// <summary>Words that only look like one of the others.</summary>
    [GeneratedRegex(@"\bor\sno(?:t|ne)?\b|\b(?:over|across)\s(?:all|every|each|the|our|my)\b|\bno\s(?:problem|worries|matter)\b|\bnot\ssure\b|\bi\s(?:don't|do\snot)\sknow\b|\bwhy\snot\b|\b(?:above|below)\s(?:all|mentioned)\b|有没有|有无|是不是|是否|能不能|可不可以|要不要|对不对|不知道|无论|请不要|多不多|大不大|超没超|超不超")]
    private static partial Regex Harmless();

    /// <summary>What compares two desks with each other is used by a comparison.</summary>
    [GeneratedRegex(@"\b(?:larger|bigger|higher|smaller|more|less|lower|worse|riskier|greater|than|between|least|lowest|smallest|the\stwo|two|both|difference)\b|更|最小|最低")]
    private static partial Regex Comparatives();

    [GeneratedRegex(@"\b(?:not|no|none|never|neither|nor|cannot|[a-z]+n't|without|except\w*|exclud\w*|excl|unless|besides|minus|barring|outside|instead|omit\w*"
        + @"|over|above|below|under|beneath|beyond|(?:more|less|fewer|greater|larger|smaller|higher|lower|older|longer|rather|other)\sthan|exceed\w*|at\s(?:least|most)|fewest|least|lowest|smallest|safest|earliest|oldest|lightest|farthest|furthest|between|up\sto|half|twice|double|triple|million|billion|thousand|hundred"
        + @"|before|after|since|until|till|ago|yesterday|tomorrow|weeks?|weekly|weekend|months?|monthly|quarters?|quarterly|years?|yearly|days?|daily|hours?|hourly|minutes?|seconds|afternoon|evening|night|noon|midnight|earlier|later|previous\w*|formerly|histor\w+|trend\w*|chang\w+|evol\w+|develop\w+|growth|grew|grown|grow|rose|risen|fell|fallen|increas\w*|decreas\w*|declin\w*|moved|movement|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
        + @"|averag\w*|avg|median|ratio|proportion|fortnights?|sessions?|thousands|millions|billions|lakhs?|crores?|dozens?|flat|zero|positive|negative|ever|might|may(?=\s(?:breach|exceed))|cob|eob|eod|christmas|xmas|easter|thanksgiving|holidays?|un(?:cured|delivered|sent|seen|notified|confirmed|closed|paid)|max|maximum|min|minimum|peak\w*|forecast\w*|predict\w*|expected|projected|next|if|will|would\sbe|unacked|unacknowledged|shortest|longest|first"
        + @"|vega|gamma|theta|rho|dv01|cs01|pv01|bpv|var|es|pnl|p&l|profit\w*|loss\w*|notional\w*|npv|margin\w*|collateral|stress\w*|beta|duration|convexity|basis\spoints?|bps?)\b"
        + @"|[%<>=≥≤≠$€£¥]"
        // "T-1" is a day, "pre-close" a time, "non-critical" the opposite; "the total net of Rates" leaves Rates out.
        + @"|(?<![\w\-])(?:[tdmq][+\-]\d{1,3}(?!\w)|(?:non|ex|pre|post|mid|anti)[\s\-][\w\uE000\uE001]+)|\b(?:all|any\w*|every\w*|no\w*)\s(?:\w+\s){0,2}but\b|(?<=\b(?:total|exposures?|risks?|deltas?|book|firm|everything|all|desks)\s)net\sof\b|(?<=\b(?:total|exposures?|risks?|everything|all|desks)\s)less\b"
        + @"|\bat\s(?:the\s)?(?:market\s)?(?:open|opening|close|closing)\b"
        + @"|(?<![目当眼以之])前(?!\s?[\d一二两三四五六七八九十几名大\uE001]|台)|刻钟|交易日|工作日|开盘|收盘|凌晨|傍晚|中午|正午|午夜|折(?!算|合|成)|倍|(?<!算|合|换)成(?!交|立|为|本|员)"
        + @"|未|没有?|不|非|无(?!关)|除|以外|之外|以前|之前|之后|以后|昨|前天|上周|上月|去年|明天|下周|超过|大于|高于|低于|小于|少于|多于|达到|以上|以下|至少|至多|不足|介于|平均|趋势|变化|历史|预测|同比|环比|峰值|最小|最低|最少|最早|年|月(?!光)|季度|周(?!转)|星期|礼拜|小时|分钟|天(?!然)|点钟|亿|万|增加|减少|上升|下降|盈亏|名义|保证金|压力")]
    private static partial Regex Operator();

    [GeneratedRegex(@"\b(?:is|are|was|were)(?:n't|\snot)\b|\bnot\b")]
    private static partial Regex Isnt();

    /// <summary>A number that was used for nothing.</summary>
    [GeneratedRegex(@"(?<![a-z0-9_\-.])[+\-]?\d[\w.,:/'\-]*")]
    private static partial Regex Number();

    /// <summary>The sentence calls what stands before or behind it a desk.</summary>
    [GeneratedRegex(@"\G(?:'s)?\s?(?:desks?\b|台|交易台)")]
    private static partial Regex DeskBehind();

    [GeneratedRegex(@"\b(?:desks?|desk called|desk named)\s$|(?:交易台|台)\s?$")]
    private static partial Regex DeskAhead();

    [GeneratedRegex(@"\b(?:last|this|next|since|until|till|before|after|previous|past)\s$|(?:上|本|这|自|从)\s?$")]
    private static partial Regex TimeAhead();

    [GeneratedRegex(@"\b(?:in|into|to)\s$|以\s?$")]
    private static partial Regex CurrencyAhead();

    /// <summary>"Not Rates but Credit" asks for Credit: not both are left out.</summary>
    [GeneratedRegex(@"\bnot\s" + NamesAfter + @",?\sbut\s(?!not\b)" + NamesAfter)]
    private static partial Regex NotThisButThat();

    /// <summary>A breach that has been, and may be cured.</summary>
    [GeneratedRegex(@"\b(?:breached|violated|exceeded|did|has|have|had)\b|过(?!限|户)|曾")]
    private static partial Regex BreachThatWas();

    /// <summary>What stands before a time where no desk can stand: a desk is named already.</summary>
    [GeneratedRegex(@"\b(?:at|on|in|around|near|since|until|by|from|as\sof)\s(?:the\s)?$")]
    private static partial Regex BeforeTime();

    /// <summary>What begins with a digit, or has a word of times in it, is hardly a name.</summary>
    [GeneratedRegex(@"^[\d+\-]|[年月日号周季旬节初底末晨午万亿]|开盘|收盘|点钟|时候")]
    private static partial Regex TimeLike();

    [GeneratedRegex(@"\b(?:entered|entry|booked|opened|open|traded|executed|put on|initiated|dated)\b|建仓|开仓|成交|入账|开立|建立")]
    private static partial Regex EntryWord();

    [GeneratedRegex(@"\b(?:cured|closed|ended|resolved)\b|已结束|已恢复|已解除|已关闭")]
    private static partial Regex CuredWord();

    [GeneratedRegex(@"\b(?:acked|acknowledged|consumed|confirmed)\b|已确认")]
    private static partial Regex AckedWord();

    [GeneratedRegex(@"(?<no>\b(?:not(?:\syet)?|[a-z]+n't|un|never)[\s\-]?(?:been\s)?(?:acked|acknowledged|consumed|confirmed)\b|\bunack(?:ed|nowledged)\b|未确认|没有?确认|尚未确认|待确认)")]
    private static partial Regex NotAcked();

    [GeneratedRegex(@"\bdead[\s\-]letters?\b|死信")]
    private static partial Regex DeadLetterWord();

    [GeneratedRegex(@"(?<![a-z]\s)\b(?:delivered)\b|已送达|已投递")]
    private static partial Regex DeliveredWord();

    [GeneratedRegex(@"(?:\bnet[\s\-])?\bshort\b|净?空头|净空")]
    private static partial Regex ShortWord();

    [GeneratedRegex(@"(?:\bnet[\s\-])?\blong\b(?!\s(?:has|have|is|are|been|ago|did|does|time))|净?多头|净多")]
    private static partial Regex LongWord();

    [GeneratedRegex(@"\bgross\b|毛额|毛")]
    private static partial Regex GrossWord();

    [GeneratedRegex(@"\bhow\slong\b|\bwhen\b|\bsince\swhen\b|多久|多长时间|什么时候|何时")]
    private static partial Regex WhenWord();

    [GeneratedRegex(@"\butili[sz]\w*\b|\busage\b|\buses?\b|\busing\b|\bused\b|\blimits?\b|使用率|利用率|占用率?|限额|用了")]
    private static partial Regex ShareWord();
}
