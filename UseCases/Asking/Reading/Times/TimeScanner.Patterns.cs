using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading.Times;

/// <summary>The patterns of time expressions in folded text.</summary>
public sealed partial class TimeScanner
{
    private const string L = @"(?<![a-z0-9_]|[a-z0-9][\-/.:])";
    private const string R = @"(?![a-z0-9_]|[\-/.:][a-z0-9])";
    private const string Months = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec";
    private const string ClearMonths = "january|february|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec";
    private const string Ordinal = "(?:st|nd|rd|th)?";
    private const string Weekdays = "monday|mon|tuesday|tues?|wednesday|wed|thursday|thurs?|friday|fri|saturday|sat|sunday|sun";
    private const string Units = "seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?|months?|quarters?|years?|yrs?";
    private const string Han = @"\d{1,2}|[〇零一二两三四五六七八九十]{1,3}";
    private const string HanYear = @"(?<y>\d{4}|[〇零○一二三四五六七八九]{4}|[今去前]年)";

    [GeneratedRegex(L + @"(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})t(?<h>\d{1,2}):(?<min>\d{2})(?::(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?)?(?:\s?(?<z>z|[+-]\d{2}:?\d{2}))?(?![a-z0-9_:])")]
    private static partial Regex Stamp();

    [GeneratedRegex(L + @"(?<y>\d{4})\s?(?<sep>[-/.])\s?(?<m>\d{1,2})\s?\k<sep>\s?(?<d>\d{1,2})" + R)]
    private static partial Regex YearFirst();

    [GeneratedRegex(L + @"(?<y>(?:19|20)\d{2})(?<m>0\d|1[0-2])(?<d>[0-3]\d)" + R)]
    private static partial Regex Compact();

    [GeneratedRegex(L + @"(?<a>\d{1,2})(?<sep>[-/.])(?<b>\d{1,2})\k<sep>(?<y>\d{4}|\d{2})" + R)]
    private static partial Regex YearLast();

    [GeneratedRegex(L + @"(?<a>\d{1,2})/(?<b>\d{1,2})" + R)]
    private static partial Regex NoYear();

    [GeneratedRegex(L + @"(?<a>\d{1,2})" + Ordinal + @"\s?(?:-|–|—|to|and|until|till|through)\s?(?:the\s)?(?<b>\d{1,2})" + Ordinal + @"\s(?:of\s)?(?<mon>" + Months + @")\.?(?:,?\s(?<y>\d{4}))?" + R)]
    private static partial Regex DaysOfMonth();

    [GeneratedRegex(L + @"(?<mon>" + Months + @")\.?\s(?:the\s)?(?<a>\d{1,2})" + Ordinal + @"\s?(?:-|–|—|to|and|until|till|through)\s?(?:the\s)?(?<b>\d{1,2})" + Ordinal + @"(?:,?\s(?<y>\d{4}))?" + R)]
    private static partial Regex MonthAndDays();

    [GeneratedRegex(L + @"(?<d>\d{1,2}|" + TimeNumbers.Ordinals + @")" + Ordinal + @"(?:\sday)?[\s\-]?(?:of\s)?(?<mon>" + Months + @")\.?(?:(?:,\s?|\s|-)(?<y>\d{4}))?" + R)]
    private static partial Regex DayMonth();

    [GeneratedRegex(L + @"(?<mon>" + Months + @")(?:\.?\s|-)(?:the\s)?(?<d>\d{1,2}|" + TimeNumbers.Ordinals + @")" + Ordinal + @"(?:,?\s?(?<y>(?<=[\s,])\d{4}))?" + R)]
    private static partial Regex MonthDay();

    [GeneratedRegex(L + @"(?<mon>" + Months + @")(?:\.?,?\s|-)(?:of\s)?(?<y>\d{4})" + R + @"|" + L + @"(?<y>(?:19|20)\d{2})[-/.](?<m>0?[1-9]|1[0-2])" + R)]
    private static partial Regex MonthYear();

    [GeneratedRegex(L + @"(?:(?<mod>last|this|next|past|previous)\s)?(?<mon>" + ClearMonths + @")" + R + @"|(?<=\b(?:in|since|during|of|until|till|before|after|from|through|and|to)\s)(?<mon>may|march|mar)" + R + @"|\b(?<mod>last|this|next|past|previous)\s(?<mon>may|march|mar)" + R)]
    private static partial Regex MonthAlone();

    [GeneratedRegex(L + @"(?:(?<y>\d{4})[\s\-]?)?q(?<q>[1-4])(?:[\s\-/]?(?<y>\d{4}))?" + R + @"|" + L + @"(?<q>first|second|third|fourth|1st|2nd|3rd|4th)\squarter(?:\s(?:of\s)?(?<y>\d{4}))?" + R + @"|" + HanYear + @"?年?第?(?<q>[一二三四1-4])季度")]
    private static partial Regex Quarter();

    [GeneratedRegex(L + @"(?:(?<mod>this|current|last|previous|prior|next|coming)\s(?:calendar\s)?(?<unit>week|month|quarter|year)|(?<mod>week|month|quarter|year)[\s\-]to[\s\-]date|(?<mod>wtd|mtd|qtd|ytd))" + R
        + @"|(?<mod>上上|上一|上|本|这一|这|当|下)(?:个)?(?<unit>周|星期|礼拜|月|季度|季)(?![一二三四五六日天])(?<day>\d{1,2}[日号])?|(?<mod>今|去|前|明)(?<unit>年)(?!\s?(?:\d|[一二三四五六七八九十]{1,2}月|第))")]
    private static partial Regex Period();

    [GeneratedRegex(@"(?<=\b(?:in|during|since|year|until|till|before|after)\s)(?<y>(?:19|20)\d{2})" + R + @"|(?<y>\d{4}|[〇零○一二三四五六七八九]{4})年(?!\s?(?:\d|[一二三四五六七八九十]{1,2}月|第))")]
    private static partial Regex YearAlone();

    [GeneratedRegex(L + @"(?<w>(?:the\s)?day before yesterday|(?:the\s)?day after tomorrow|yesterday|today|tonight|tomorrow|last night)" + R + @"|(?<w>大前天|前天|昨天|昨日|今天|今日|明天|明日|后天|昨晚|今晚|今早|昨)(?!年)")]
    private static partial Regex RelativeDay();

    [GeneratedRegex(@"(?<!good\s)" + L + @"(?:(?<this>this|in the|the)\s)?(?<p>morning|afternoon|evening)" + R + @"(?!['’]?s?\s(?:overview|brief|briefing|report|summary|note|meeting|call|deskView))|(?<p>凌晨|早上|早晨|上午|下午|傍晚|晚上)")]
    private static partial Regex PartOfDay();

    [GeneratedRegex(L + @"(?<n>" + TimeNumbers.English + @"|few|a few|several|some)\s?(?<unit>" + Units + @")\s(?:ago|earlier|back)" + R)]
    private static partial Regex TimeAgo();

    [GeneratedRegex(@"(?<n>" + TimeNumbers.Chinese + @"|几|数)\s?个?(?<half>半)?(?<unit>秒钟?|分钟|小时|钟头|天|日|周|星期|礼拜|月|季度|年)(?:之|以)?前(?!的?\d)")]
    private static partial Regex ChineseAgo();

    [GeneratedRegex(L + @"(?:(?:in|over|during|within|for|from)\s)?(?:the\s)?(?:last|past|previous|latest|trailing)\s(?:(?<n>" + TimeNumbers.English + @"|few|several)\s?)?(?<unit>" + Units + @")" + R + @"|" + L + @"within\s(?<n>" + TimeNumbers.English + @")\s?(?<unit>" + Units + @")" + R)]
    private static partial Regex Rolling();

    [GeneratedRegex(@"(?:最近|过去|近|前)的?\s?(?<n>" + TimeNumbers.Chinese + @"|几|数)\s?个?(?<unit>秒钟?|分钟|小时|钟头|天|日|周|星期|礼拜|月|季度|年)(?:之内|以内|内|里|以来)?|(?<n>" + TimeNumbers.Chinese + @")\s?个?(?<unit>分钟|小时|钟头|天|日|周|星期|月)(?:之内|以内|内|里)")]
    private static partial Regex ChineseRolling();

    [GeneratedRegex(L + @"(?:(?<mod>last|this|next|past|previous|coming)\s)?(?<wd>" + Weekdays + @")" + R + @"|(?<mod>上上|上|本|这|下)?个?(?:周|星期|礼拜)(?<wd>[一二三四五六日天])(?![个条笔次周]|内|以内|之内)")]
    private static partial Regex Weekday();

    [GeneratedRegex(L + @"(?<h>\d{1,2}):(?<min>\d{2})(?::(?<s>\d{2})(?:[.,](?<f>\d{1,9}))?)?\s?(?<ap>am|pm|a\.m\.?|p\.m\.?)?(?:\s?(?<z>z|[+-]\d{2}:?\d{2}))?(?![a-z0-9_:])")]
    private static partial Regex Clock();

    [GeneratedRegex(L + @"(?:(?<h>\d{1,2})\s?(?<ap>am|pm|a\.m\.?|p\.m\.?)|(?<h>\d{1,2})\s?o'?clock|(?<word>noon|midday|midnight))" + R)]
    private static partial Regex ClockAlone();

    [GeneratedRegex(@"(?<p>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?\s?(?<h>" + Han + @")\s?[点點时](?![数候间区亿万])(?:钟|整|(?<half>半)|(?<ke>[一三])刻|(?<min>" + Han + @")分?(?:(?<s>" + Han + @")秒)?)?(?![亿万千百])")]
    private static partial Regex ChineseClock();

    [GeneratedRegex(HanYear + @"\s?年?\s?(?<m>" + Han + @")\s?月\s?(?:份的?)?\s?(?<d>[〇零一二三四五六七八九十]{1,3}|\d{1,2})\s?[日号]?(?![\d:])(?:\s?(?:到|至|-|–|—|~)\s?(?<d2>" + Han + @")\s?[日号])?")]
    private static partial Regex ChineseDate();

    [GeneratedRegex(@"(?<m>" + Han + @")\s?月\s?(?:份的?)?(?<d>[〇零一二三四五六七八九十]{1,3}|\d{1,2})\s?[日号](?:\s?(?:到|至|-|–|—|~)\s?(?<d2>" + Han + @")\s?[日号])?")]
    private static partial Regex ChineseDayMonth();

    [GeneratedRegex(@"(?:" + HanYear + @"\s?年?\s?)?(?<m>" + Han + @")\s?月(?:份)?")]
    private static partial Regex ChineseMonth();

    [GeneratedRegex(L + @"(?:right\snow|just\snow|now|currently|at\sthe\smoment|at\spresent|presently|as\sof\snow|so\sfar)" + R + @"|目前|现在|当前|此刻|眼下")]
    private static partial Regex NowWords();

    [GeneratedRegex(@"(?:the\s)?(?<e>end|close|eod|cob|start|beginning|eom)(?:\sof)?\s(?:of\s|on\s)?(?:the\s)?(?:business\s)?(?:day\s)?(?:on\s|of\s)?$")]
    private static partial Regex EdgeBefore();

    [GeneratedRegex(@"\G(?:'s)?(?:[\s\-](?<e>end|close|start)(?![a-z])|(?<e>月底|月末|月初|底|末|初|收盘时?|闭市时?|收市时?))")]
    private static partial Regex EdgeBehind();
}
