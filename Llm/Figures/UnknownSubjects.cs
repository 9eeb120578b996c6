using System.Text.RegularExpressions;

namespace RiskMonitor.Llm.Figures;

/// <summary>
/// Finds who gets a figure, or a claim about limits, and is named by no result: "Credit is net long 1,500 USD" where only Rates is known. Without this such a
/// name would be taken for prose, and the figure for that of the desk named before. Known names have been taken out of the text, so what stands
/// where a name stands, and is no word that figures are usually said of, is an unknown one.
/// </summary>
internal static partial class UnknownSubjects
{
    private const char Masked = '#';

    /// <summary>Words that figures are said of, and those that refer to what was named before.</summary>
    private static readonly HashSet<string> s_usual = new(
        """
        it its itself this that these those they them their there he she who which what whoever here one ones other others another each every both all any some most more much many none nothing
        neither either half rest remainder same latter former such only just also still now today currently overall together
        net gross long short flat delta deltas net_delta gross_delta long_delta short_delta exposure exposures risk position positions holding holdings book books desk desks trader traders security securities instrument instruments
        limit limits threshold thresholds utilisation utilization usage use breach breaches breached breaching overshoot excess overrun amount amounts value values figure figures number numbers count counts sum sums
        total totals subtotal ratio ratios share shares percentage percent peak high low maximum minimum average size level levels balance gap difference change changes move moves increase decrease rise fall reduction
        cut hedge sale sales selling buying reducing unwinding closing trading trade trades currency currencies dollar dollars euro euros pound pounds yen yuan component components side sides leg legs part parts portion bulk
        majority minority concentration contribution contributions contributor contributors driver drivers cause reason source severity alert alerts warning critical info state status feed data row rows record records result results
        report reports summary list table case cases time times day days week month year hour minute moment date period snapshot horizon intraday overnight profile revision episode rule rules ratio cure warning_ratio cure_ratio
        missing incomplete unproven stale live open opened closed cured largest biggest smallest larger smaller highest lowest greatest worst best next second third first last previous latest top main major biggest remaining
        headroom room capacity margin distance direction sign unit units currency_code usd eur gbp jpy chf metric metrics metric_value threshold_value breach_amount position_count missing_delta_count point points basis
        selling action actions reduction_needed amount_needed confidence price prices rate no not nobody everything everyone anything something and or if when while as because since so then thus therefore
        the a an our your my is are was were be been being has had have will would should can could may might must do does did
        to of in on by for from at with under over above below after before between during per via despite given beyond against towards into out up down back plus minus less than like
        sell sold buy reduce trim unwind shed add raise lower bring keep roll consider review escalate discuss confirm check monitor watch request seek ask agree recommend recommended suggested propose immediate immediately
        urgent key note please medium how why where what whether there's directional aggregate unhedged hedged outright underlying corresponding resulting offsetting concentrated combined required affected estimated additional
        hence however moreover furthermore meanwhile additionally specifically notably again already yet nearly almost about around roughly approximately exactly
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Words before "desk" that name none.</summary>
    private static readonly HashSet<string> s_anyDesk = new(
        "the this that these those each every one other another same single whole entire trading no which what any all both per a an its their our your my only worst largest biggest first second third next last affected breached breaching risk order long short net gross flat such remaining said given named selected two three four five several many most some of for on in by to at from with and or across than".Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Words before a figure at the beginning of a clause that are no subject: prepositions, and verbs of advice.</summary>
    private static readonly HashSet<string> s_leading = new(
        "at in on by of from to with for above below over under between within after before until up down per via like plus minus less than only sell buy reduce cut trim hedge unwind close add raise lower consider bring move keep shed roll book holding using leaving exceeding having up some another".Split(' '),
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] s_usualChinese =
        ["个", "家", "其", "该", "此", "这", "那", "它", "本", "净", "毛", "总", "合", "全", "整", "所有", "当前", "目前", "现在", "敞口", "限额", "使用", "利用", "头寸", "仓位", "持仓", "超", "突破", "金额", "数值", "峰值", "增", "减", "多头", "空头", "共", "有", "没有", "无", "每", "各", "最", "另", "余", "账", "组合", "交易台", "告警", "货币", "缺", "数据", "行情", "阈值", "比例", "占", "多", "空", "已", "均", "都", "需要", "需", "应", "须", "要", "减少", "降低", "卖出", "买入", "对冲", "建议", "考虑", "通过", "回到", "至少", "其中", "因此", "同时", "主要", "方向", "风险", "部分", "来自",
        "交易员", "证券", "资产", "变动", "变化", "如果", "只要", "以及", "由于", "按", "从", "到", "至", "后", "前", "由", "因", "于", "以", "或", "并", "仍", "还", "也", "则", "且", "才", "能", "可", "将", "把", "使", "若", "大", "小", "高", "低", "约", "近", "不", "未", "及", "对", "当", "所", "额", "出", "过", "达", "价值", "问题", "正常", "状态", "水平", "实际", "一", "为", "是", "在", "的", "和", "与", "但", "而"];

    /// <returns>What is wrong; null where every figure and claim is of somebody known.</returns>
    public static string? Problem(string rest, Subjects subjects, IReadOnlyList<Figure> figures)
    {
        var masked = rest.ToCharArray();
        foreach (var figure in figures)
        {
            masked.AsSpan(figure.Start, figure.End - figure.Start).Fill(Masked);
        }

        var text = new string(masked);
        foreach (var (start, end) in subjects.Sentences())
        {
            var isSaid = figures.Any(figure => figure.Kind != FigureKind.Moment && figure.Start >= start && figure.End <= end)
                || LimitClaims.IsClaim(rest[start..end])
                || Likewise().IsMatch(rest[start..end]);
            if (isSaid && NameIn(text[start..end]) is { } name)
            {
                return $"'{name}' is no desk of the results, and the text speaks of it as of one";
            }
        }

        return null;
    }

    private static string? NameIn(string sentence) =>
        First(BeforeDesk(), sentence, name => IsUnknownWord(name) && !s_anyDesk.Contains(name))
        ?? First(ClauseSubject(), sentence, IsUnknown)
        ?? First(Labelled(), sentence, IsUnknown)
        ?? First(Leading(), sentence, name => IsUnknown(name) && !s_leading.Contains(name))
        ?? First(Capital(), sentence, IsUnknownWord)
        ?? First(Business(), sentence, IsUnknownWord)
        ?? First(ChineseDesk(), sentence, IsUnknownChinese)
        ?? First(ChineseSubject(), sentence, IsUnknownChinese)
        ?? First(ChinesePlace(), sentence, IsUnknownChinese)
        ?? First(LatinInChinese(), sentence, IsUnknownWord);

    private static string? First(Regex pattern, string sentence, Func<string, bool> isUnknown) => pattern.Matches(sentence)
        .Select(match => match.Groups["name"].Value.Trim())
        .FirstOrDefault(name => name.Length > 0 && isUnknown(name));

    private static bool IsUnknownWord(string word) => !s_usual.Contains(word) && !IsUsualName(word);

    /// <summary>None of its words is one that figures are said of, or one with a capital is not: "Credit exposure" is that of Credit.</summary>
    private static bool IsUnknown(string subject)
    {
        var words = subject.Split([' ', '\'', '-'], StringSplitOptions.RemoveEmptyEntries);
        return words.All(word => !IsUsual(word)) || words.Any(word => char.IsAsciiLetterUpper(word[0]) && !IsUsual(word) && !s_leading.Contains(word));
    }

    private static bool IsUsual(string word) => s_usual.Contains(word) || s_usual.Contains(word.TrimEnd('s')) || IsUsualName(word);

    /// <summary>Without the words that figures are usually said of, at least two characters are left.</summary>
    private static bool IsUnknownChinese(string subject) =>
        s_usualChinese.OrderByDescending(usual => usual.Length).Aggregate(subject, (left, usual) => left.Replace(usual, "", StringComparison.Ordinal)).Length > 1;

    /// <summary>Currencies, months, days, zones and severities are written with capitals, too.</summary>
    private static bool IsUsualName(string word) => Usual().IsMatch(word);

    [GeneratedRegex(@"^(?:" + Currencies.Codes + @"|UTC|INFO|WARNING|CRITICAL|Jan\w*|Feb\w*|Mar|March|Apr\w*|May|June?|July?|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*|Mon\w*|Tues?\w*|Wed\w*|Thu\w*|Fri\w*|Sat\w*|Sun\w*|I|VaR|AM|PM|Q[1-4]|Net|Gross|Long|Short)$", RegexOptions.CultureInvariant)]
    private static partial Regex Usual();

    [GeneratedRegex(@"(?<name>[A-Za-z][\w/&.-]*)\s(?:trading\s)?(?:desk|book)\b(?!s)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BeforeDesk();

    [GeneratedRegex(
        @"(?:^|[,;:—–(|]|\b(?:and|but|while|whereas|although|though|because|since|yet|where|with|plus)\b)[\s""'*_-]*(?:(?:and|but|while|whereas|although|though|because|since|yet|where|with|plus)\s)?(?:the\s|our\s|an?\s)?(?<name>[A-Za-z][\w/&.'-]*(?:\s[A-Za-z][\w/&.'-]*){0,3}?)[""'*_]*(?:,\s(?:with|having|which|too|likewise)\b|\s(?:is|are|was|were|has|had|have|holds?|stands?|stood|sits?|runs?|must|should|needs?|owns?|owes?|contribut\w+|accounts?|adds?|drives?|keeps?|gets?|takes?|sold|bought|sells?|buys?|went|goes|rose|fell|moved|grew|increased|decreased|swung|flipped|turned|dropped|climbed|jumped|too|likewise|also|shows?|carries|carry|remains?|exceeds?|exceeded|breach(?:es|ed)|reach(?:es|ed)|uses?|used|net|long|short|gross|flat|at|now)\b)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClauseSubject();

    [GeneratedRegex(@"(?:^|[,;(|\n])[\s""'*_-]*(?<name>[A-Za-z][\w/&.'-]*(?:\s[A-Za-z][\w/&.'-]*){0,3}?)[""'*_]*\s?[:=(—–-]\s?[+\-$€£¥]?#", RegexOptions.CultureInvariant)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"(?:^|[,;(|\n])[\s""'*_-]*(?<name>[A-Za-z][\w/&.'-]*)[""'*_]*\s[+\-$€£¥]?#", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    /// <summary>English writes names with capitals, wherever they stand in a sentence.</summary>
    [GeneratedRegex(@"(?<!^[^A-Za-z0-9#\uFFFC]*)(?<![\w/&.-])(?<name>[A-Z][A-Za-z0-9/&.-]*[A-Za-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Capital();

    /// <summary>What desks are often named by is one also in lower case, unless an instrument follows.</summary>
    [GeneratedRegex(
        @"\b(?i:in|of|for|on|at|across|within|by)\s(?:the\s)?(?<name>credit|equity|equities|commodity|commodities|energy|metals|treasury|macro)\b(?!\s(?:futures?|options?|swaps?|forwards?|hedges?|instruments?|indices|index|default))",
        RegexOptions.CultureInvariant)]
    private static partial Regex Business();

    /// <summary>Says the same of somebody else.</summary>
    [GeneratedRegex(@"\b(?:too|likewise|as\swell|same|so\s(?:is|are|has|does))\b|同样|也是|也已", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Likewise();

    [GeneratedRegex(@"(?:在|于|对)(?<name>[\u4E00-\u9FFF]{2,8}?)(?:方面|业务|部门|板块|组合)")]
    private static partial Regex ChinesePlace();

    [GeneratedRegex(@"(?<name>[\u4E00-\u9FFFA-Za-z0-9/&.]{1,12}?)\s?(?:交易台|台)")]
    private static partial Regex ChineseDesk();

    [GeneratedRegex(@"(?:^|[，,；;：:])\s*(?<name>[\u4E00-\u9FFF]{2,8}?)(?:净|敞口|毛|超限|超出|超过|突破|为|达|约|持有|使用)")]
    private static partial Regex ChineseSubject();

    [GeneratedRegex(@"(?<name>[A-Za-z][\w/&.-]*)\s?(?:目前|当前|现在)?(?:的)?(?:净|敞口|毛|超限|超出|突破|未超|没有超|多头|空头|限额|已超|已用)")]
    private static partial Regex LatinInChinese();
}
