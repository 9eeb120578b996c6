using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>The words by which topics are told, in English and Chinese.</summary>
public sealed partial class QuestionReader
{
    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")]
    private static partial Regex AlertId();

    [GeneratedRegex(@"(?:\btrader\s(?:id\s)?|交易员\s?)(?<id>[a-z0-9][\w.\-]*)(?<!\b(?:s|on|of|in|at|is|has|with|without|except|excluding|other|than|but|not|or|from|since|yesterday|today|now|for|by|and|the|who|carries|carry|drives|contributes|contribute|positions|position|most|risk|exposure))(?![\w])", RegexOptions.None)]
    private static partial Regex Trader();

    [GeneratedRegex(@"(?:\b(?:security|instrument)\s(?:id\s)?|(?:证券|标的)\s?)(?<id>[a-z0-9][\w.\-]*)(?<!\b(?:on|of|in|at|is|has|with|for|by|and|the|that|which|carries|carry|drives|contributes|most|risk|exposure))(?![\w])")]
    private static partial Regex Security();

    [GeneratedRegex(@"^\W*(?:please\s|can you\s|could you\s|i want to\s|let's\s|i want you to\s|ignore[^.]*\.\s*)*(?:delete|remove|drop|set|change|raise|lower|increase|decrease|update|ack|acknowledge|approve|buy|sell|cancel|reset|disable|enable|snooze|assign|trade|execute|hedge)\b|删除|修改|调整|调高|调低|提高|降低|确认告警|确认这|买入|卖出|关闭告警|停用")]
    private static partial Regex Action();

    [GeneratedRegex(@"\balert(?:s|ed|ing)?\b|\balarms?\b|告警|警报|预警")]
    private static partial Regex AlertWord();

    [GeneratedRegex(@"\bcompar(?:e|es|ed|ison)\b|\bversus\b|\bvs\b|\bdifference between\b|比较|对比|相比")]
    private static partial Regex Compare();

    [GeneratedRegex(@"\b(?:larger|bigger|higher|smaller|more|less|lower|worse|riskier|than|or|largest|biggest)\b|更|谁|哪个|比|还是|最大")]
    private static partial Regex More();

    [GeneratedRegex(@"\bpositions?\b|\bholdings?\b|持仓|头寸|仓位")]
    private static partial Regex PositionWord();

    [GeneratedRegex(@"\bcontribut\w*\b|\bdriv(?:er|ers|es|ing|en)\b|\btraders?\b|\bwho\b|贡献|交易员|谁|驱动")]
    private static partial Regex Contributor();

    /// <summary>Who is in breach asks for desks: limits are theirs.</summary>
    [GeneratedRegex(@"\bwho(?:'s|\sis|\sare|\shas|\shave|\swas|\swere)?\s(?:(?:currently|now|still|in|been|over|above)\s)*(?:breach\w*|violat\w*|exceed\w*|(?:its|their|the|any)\slimits?\b|limits?\b)|谁(?:在|已|已经)*(?:超限|超标|违规|突破)")]
    private static partial Regex WhoBreaches();

    [GeneratedRegex(@"\b(?:by|per)\s(?:trader|security|securities|instrument|currency|currencies)\b|按(?:交易员|证券|标的|货币|币种)")]
    private static partial Regex By();

    [GeneratedRegex(@"\b(?:biggest|largest|top|most|highest|worst|riskiest)\b|最大|最高|最多|前[\d一二三四五六七八九十\uE001]+大")]
    private static partial Regex Largest();

    [GeneratedRegex(@"\bsecurit(?:y|ies)\b|\binstruments?\b|\bunderlyings?\b|证券|标的|品种")]
    private static partial Regex BySecurity();

    [GeneratedRegex(@"\bcurrenc(?:y|ies)\b|货币|币种")]
    private static partial Regex ByCurrency();

    [GeneratedRegex(@"\bbreach(?:es|ed|ing)?\b|\bover (?:its |the |their |any )?limits?\b|\babove (?:its |the |their |any )?limits?\b|\bexceed(?:s|ed|ing)?\b|\bviolat(?:e|es|ed|ing|ions?)\b|超限|违规|突破|超标|超出|超过")]
    private static partial Regex BreachWord();

    [GeneratedRegex(@"\blimits?\b|\bthresholds?\b|\bheadroom\b|限额|额度")]
    private static partial Regex LimitWord();

    [GeneratedRegex(@"\b(?:within|inside|under|below|near|close|closest|nearest|use|uses|used|using|usage|utili[sz]ation|respect|left|headroom)\b|以内|之内|内吗|接近|靠近|使用|占用|利用率|距离")]
    private static partial Regex Within();

    [GeneratedRegex(@"\b(?:overview|summary|summari[sz]e|morning|brief|briefing|total|totals|overall|whole|entire|everything|all desks|firm|how are (?:we|things|the desks|our desks))\b|概览|总览|晨报|早报|汇总|整体|总体|总敞口|总共|合计|全部|所有")]
    private static partial Regex OverviewWord();

    [GeneratedRegex(@"\b(?:exposures?|exposed|risks?|risky|deltas?|carr(?:y|ies|ying)|net|gross|long|short|utili[sz]ation|usage)\b|敞口|风险|德尔塔|净|毛|多头|空头|使用率|占用")]
    private static partial Regex ExposureWord();

    [GeneratedRegex(@"\b(?:how|status|state|stand|stands|doing|situation|look|looks|show|tell|what|about)\b|怎么样|怎样|如何|情况|状况|状态|多少|看")]
    private static partial Regex How();

    [GeneratedRegex(@"\b(?:list|which|what|show|names?|see)\b|哪些|哪几个|列出|有哪|什么|显示|名单|列表")]
    private static partial Regex ListWord();

    [GeneratedRegex(@"\bdesks?\b|台")]
    private static partial Regex DeskWord();

    [GeneratedRegex(@"\b(?:why|when|predict|forecast|will|should|recommend|explain|because)\b|为什么|何时|预测|应该|建议|解释")]
    private static partial Regex HasVerb();

    [GeneratedRegex(@"[\u3400-\u9FFF]")]
    private static partial Regex HasChinese();

    [GeneratedRegex(@"\bcritical\b|严重|紧急")]
    private static partial Regex Critical();

    [GeneratedRegex(@"\bwarning\b")]
    private static partial Regex WarningWord();

    [GeneratedRegex(@"\b(?:open|active|outstanding|still|current|currently|unresolved)\b|未关闭|未处理|开放|打开|还|仍|目前|当前|现在|未解除")]
    private static partial Regex Open();

    [GeneratedRegex(@"\b(?:previous(?:ly)?|earlier|was|were|had|recently|lately)\b|之前|以前|曾经|刚才|刚刚")]
    private static partial Regex VaguePast();
}
