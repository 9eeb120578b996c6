using System.Text.RegularExpressions;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>The words that questions are made of. Any other word is a name, or was not understood.</summary>
public static partial class Vocabulary
{
    /// <summary>Characters at the edges of a word that do not belong to it.</summary>
    private static readonly char[] s_edges = ['.', '-', '\'', '/', '&', '_'];

    private static readonly char[] s_joints = ['/', '-', '&', '+'];

    private static readonly HashSet<string> s_english = new(
        """
        a about above ack acknowledged across active add after again against alarm alarms alert alerted alerts alerting all also amount amounts an and any anything anyone anywhere are as ask at be been being
        below between big bigger biggest book books both breach breached breaches breaching brief briefing business but by can carries carry carrying carried clear close closest closer come comes compare compared compares comparison
        contributed contributes contribute contributing contribution contributions contributor contributors could cover currencies currency current currently day days delta deltas desk desks difference
        differ display do does doing done down drive driven driver drivers drives driving each either entire episodes episode ever every everything exceed exceeded exceeding exceeds exposed exposure exposures fare far few figure figures find fine firm for
        from full generated get give given go going good great gross had happened happening has have having headroom hello help hey hi hold holding holdings holds horizon house how i if in info information inside instrument instruments into
        intraday is it its it's just keep kind know large larger largest latest least left less level levels like limit many remain remaining ago hour hours minute minutes limits list lists little live long look looking looks lot main make me mean mine minor
        moment money month more morning most much my name names near nearest nearly need net new newest news no none normal not now number of off ok okay on once one ones only open opened or other others our ours out outstanding over overall overnight
        overview own past per percent percentage deskView please portfolio position positioned positioning positions profile quick raised ranking rank ranked recent recently report right risk risks riskiest riskier risky running run runs safe safest same say second
        securities security see seen sell severity share short should show showing shows side sign single situation size sizes small smaller smallest smallest so some soon stand standing stands start state states status still sum suffering tightest
        summarise summarize summary sums table take tell than thanks thank that the their them then there these they thing things this those three threshold thresholds through time to today today's tell too top total totals trade traded trader traders trades trading two
        under unit until up update us usage use used uses using utilisation utilised utilization utilized value values versus very view violate violated violating violation violations vs want was watch way we week were what what's whats when where
        whether which while who who's whole whom whose why will with within without worse worst would year yes yet yesterday you your critical warning info severe crit unacknowledged unacked acked dead letter delivered pending cured closed day's last s t re ve d ll
        did along both however across desk's desks' actually really exactly precisely please kindly whether since until before except excluding without between ago earlier later
        isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't can't cannot never none neither nor least most convert converted conversion expressed equivalent
        entered entry booked executed acknowledged resolved ended anybody somebody everybody everyone someone each total's firm's our's using there's that's he she they're we're i'm
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>The words of a question that are not in the vocabulary, in order, with their positions.</summary>
    public static IReadOnlyList<(int At, string Word)> Unknown(string rest) =>
    [
        .. Words().Matches(Chinese().Replace(rest, known => new string(' ', known.Length)))
            .Select(match => (At: match.Index + match.Value.Length - match.Value.TrimStart(s_edges).Length, Word: match.Value.Trim(s_edges)))
            .Where(found => found.Word.Length > 0 && !IsKnown(found.Word)),
    ];

    /// <summary>Whether a word is in the position of a desk's name: "of X", "does X", "X desk", "X 台".</summary>
    public static bool StandsForDesk(string rest, string words) =>
        Regex.IsMatch(rest, $@"(?:\b(?:of|on|for|at|in|by|does|do|is|are|about|desk|within|compare|show|me|except|excluding|without|than|but)\s(?:the\s|desk\s)*{Regex.Escape(words)}|{Regex.Escape(words)}\s?(?:desk|台|交易台|的|是|有))", RegexOptions.CultureInvariant);

    private static bool IsKnown(string word) => s_english.Contains(word) || s_english.Contains(word.Replace("'s", "", StringComparison.Ordinal)) || word.All(char.IsAsciiDigit)
        || (word.IndexOfAny(s_joints) > 0 && word.Split(s_joints, StringSplitOptions.RemoveEmptyEntries).All(IsKnown));

    [GeneratedRegex(@"(?:(?![\uE000-\uE001])[\p{L}\p{N}])[\p{L}\p{M}\p{N}_/&+\-.']*")]
    private static partial Regex Words();

    [GeneratedRegex(
        "交易台|台子|交易员|贡献者|贡献度|贡献|告警|警报|预警|敞口|风险|限额|额度|使用率|利用率|占用率|占用|超限|超出|超过|超标|违规|突破|头寸|持仓|仓位|证券|标的|货币|币种|净额|毛额|净|毛|多头|空头|德尔塔|"
        + "比较一下|比较|对比|相比|谁|哪一个|哪个|哪些|哪几个|哪|什么|多少|怎么样|怎样|如何|怎么|为什么|是否|有没有|有无|是不是|更大|更小|更高|更低|更|最大|最小|最高|最低|最多|最近|最新|最|较大|较小|大|小|高|低|"
        + "总敞口|总体|总览|总共|总|整体|全部|所有|一共|合计|概览|概况|概要|晨报|早报|汇总|情况|状况|状态|现状|列出|列表|名单|显示|展示|告诉|查询|查看|查一下|看一下|看看|看|请问|请|帮我|给我|我们|我|你|您|他们|它们|它|他|的|地|得|是|有|在|和|与|跟|及|以及|或|对|把|被|让|"
        + "今天|今日|今早|本周|上周|本月|上个月|上月|去年|前天|以前|之前|曾经|早上|上午|下午|昨天|昨日|中午|正午|午夜|目前|现在|当前|此刻|眼下|正在|还|已经|已|未|没有|没|无|不|了|吗|呢|吧|啊|呀|么|个|条|笔|家|名|位|些|项|次|只|台|上|下|中|内|里|之间|之内|以内|以上|以下|接近|靠近|距离|触发|打开|未关闭|确认|关闭|结束|解除|恢复|送达|投递|死信|未处理|开放|严重|紧急|关键|"
        + "日内|隔夜|盘中|截至|截止|为止|到|至|剩余|剩|于|从|由|按|各|每|每个|单|份|都|也|就|才|会|能|可以|可|要|想|知道|说|说明|解释|主要|承担|承受|运行|跑|用|用了|使用|进行|关于|数字|数据|金额|规模|大小|水平|一下|一|两|二|三|几|分别|其中|哪里|来自|来源|驱动|前|名称|名字")]
    private static partial Regex Chinese();
}
