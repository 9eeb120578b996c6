using System.Globalization;
using System.Text.RegularExpressions;
using RiskMonitor.UseCases.Asking.Reading.Quantities;
using RiskMonitor.UseCases.Asking.Reading.Times;

namespace RiskMonitor.UseCases.Asking.Reading;

/// <summary>Fits what was read to the topic: what the topic can use is turned into its arguments, and the rest is said not to be understood.</summary>
public sealed partial class QuestionReader
{
    private QuestionReading Fitted(QuestionReading reading, Parts parts)
    {
        if (reading.Topic is Topic.Action)
        {
            return reading with { NotUsed = [] };
        }

        var unused = reading.NotUsed.ToList();
        var topic = reading.Topic;
        // When a breach began stands in its alert; and so does which one is critical.
        if (topic is Topic.Exposure or Topic.Breaches && reading.IsInBreach == true
            && (WhenWord().IsMatch(parts.Rest) || parts.Age is not null || (topic == Topic.Breaches && reading.Severity is not null)))
        {
            topic = Topic.Alerts;
            reading = reading with { IsOpenOnly = parts.Age is not null || reading.IsOpenOnly || reading.Severity is not null };
        }

        // A desk that breached today may be back within its limits, so only the alerts can answer this.
        if (topic is Topic.Exposure or Topic.Breaches && reading.IsInBreach is { } isBreach && reading.When is { Kind: TimeKind.Day } today && today.Day == parts.Business.Today
            && BreachThatWas().IsMatch(parts.Rest))
        {
            if (isBreach)
            {
                topic = Topic.Alerts;
            }
            else
            {
                unused.Add(new NotUsed(
                    today.Written,
                    $"who did not breach in the course of '{today.Written}' cannot be asked for; ask which desks are not in breach now, or for the alerts of that day",
                    $"无法询问“{today.Written}”期间没有超限的交易台；可以询问现在未超限的交易台，或当天的告警"));
            }
        }

        if (topic is Topic.Breaches && reading.Desks.Count > 0)
        {
            topic = Topic.Exposure;
        }

        var conditions = Conditions(reading, parts, topic);
        var isList = topic is Topic.Breaches or Topic.Overview or Topic.Utilisation or Topic.Ranking or Topic.DeskNames or Topic.Unknown or Topic.Limits or Topic.Exposure or Topic.Contributors
            && reading.Desks.Count == 0;
        if (isList && (reading.Bounds.Count > 0 || conditions.IsSelection) && !(topic == Topic.Contributors && Contributor().IsMatch(parts.Rest))
            // list_desks cannot filter by the amount of a limit, only by its utilisation.
            && !(topic == Topic.Limits && reading.Bounds.Count > 0 && !reading.Bounds.All(bound => bound.IsShare)))
        {
            topic = Topic.Selection;
        }

        reading = reading with { Topic = topic, Conditions = conditions.Texts };
        reading = WithTime(reading, parts, unused);
        reading = WithAge(reading, parts, unused);
        AddUnused(reading, parts, unused);
        AddLeft(reading, parts, unused);
        var isVague = reading.When is null && unused.Count == 0 && VaguePast().IsMatch(parts.Rest)
            && reading.Topic is not (Topic.Unknown or Topic.OneAlert or Topic.Alerts or Topic.Positions or Topic.DeskNames);
        return reading with { Topic = isVague ? Topic.VaguePast : reading.Topic, NotUsed = unused };
    }

    /// <summary>The conditions of list_desks.</summary>
    private static (IReadOnlyList<string> Texts, bool IsSelection) Conditions(QuestionReading reading, Parts parts, Topic topic)
    {
        var texts = new List<string>();
        var rest = parts.Rest;
        foreach (var bound in reading.Bounds)
        {
            var (isShort, isLong) = (ShortWord().IsMatch(rest), LongWord().IsMatch(rest));
            if (bound.IsShare)
            {
                texts.Add(bound.Condition("utilisation"));
            }
            else if (GrossWord().IsMatch(rest))
            {
                texts.Add(bound.Condition("gross_delta"));
            }
            else
            {
                texts.Add(bound.Condition("net_delta"));
                if (isShort != isLong)
                {
                    texts.Add(isShort ? "delta < 0" : "delta > 0");
                }
            }
        }

        if (reading.Bounds.Select(bound => bound.Currency).FirstOrDefault(code => code is not null) is { } unit)
        {
            texts.Add($"unit = {unit}");
        }
        else if (parts.Currencies is [{ Code: { } code }] && topic is Topic.Breaches or Topic.Ranking or Topic.Utilisation or Topic.DeskNames)
        {
            texts.Add($"unit = {code}");
        }

        var isDirection = reading.Bounds.Count == 0 && DeskWord().IsMatch(rest) && (ListWord().IsMatch(rest) || topic == Topic.Ranking) && ShortWord().IsMatch(rest) != LongWord().IsMatch(rest) && topic is not Topic.Limits;
        if (isDirection)
        {
            texts.Add(ShortWord().IsMatch(rest) ? "delta < 0" : "delta > 0");
        }

        var isWithoutLimit = NoLimit().IsMatch(rest);
        if (isWithoutLimit)
        {
            texts.Add("utilisation_state = no_limit");
        }
        else if (reading.IsInBreach is { } breach && (reading.Bounds.Count > 0 || isDirection || !breach))
        {
            // "Over 100 % of the limit" already implies a breach, so add the condition only if the question also names it.
            if (!breach || BreachWord().IsMatch(rest))
            {
                texts.Add($"in_breach = {(breach ? "true" : "false")}");
            }
        }

        return (texts, isDirection || isWithoutLimit || reading.IsInBreach == false);
    }

    private QuestionReading WithTime(QuestionReading reading, Parts parts, List<NotUsed> unused)
    {
        if (reading.When is not { } when || when.Kind == TimeKind.Now)
        {
            return reading with { When = null };
        }

        switch (reading.Topic)
        {
            case Topic.Unknown or Topic.VaguePast:
                return reading;
            case Topic.OneAlert or Topic.DeskNames:
                unused.Add(new NotUsed(when.Written, $"'{when.Written}' cannot be asked for here", $"此处无法使用“{when.Written}”"));
                return reading;
            case Topic.Alerts when when.Kind == TimeKind.Instant || when.IsAsOf:
                unused.Add(new NotUsed(
                    when.Written,
                    $"'{when.Written}' is one instant, and alerts are listed by when they opened: ask for alerts between two times, since a time, or which desks were in breach at that time",
                    $"“{when.Written}”是一个时点，而告警按开始时间列出：请询问两个时间之间或某时间以来的告警，或当时哪些交易台超限"));
                return reading;
            case Topic.Alerts:
                return reading with { OpenedFrom = when.From, OpenedTo = when.To > parts.Business.Now && when.From is not null && when.Kind != TimeKind.Span ? null : when.To };
            case Topic.Positions when EntryWord().IsMatch(parts.Rest):
                var zone = parts.Business.Zone;
                DateOnly? Day(DateTimeOffset? instant) => instant is { } at ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime) : null;
                return reading with { EnteredFrom = Day(when.From), EnteredTo = when.Kind == TimeKind.Instant ? Day(when.From) : Day(when.To?.AddTicks(-1)) };
            case Topic.Positions when when.Day == parts.Business.Today && when.Kind == TimeKind.Day:
                return reading with { When = null };
            case Topic.Positions:
                unused.Add(new NotUsed(
                    when.Written,
                    $"'{when.Written}' cannot be asked for: single positions are kept as they are now. Sums are kept: ask for the exposure, traders or securities of a desk at that time, or for positions entered on a day",
                    $"无法按“{when.Written}”查询：单个头寸只保留当前状态。合计有历史：可询问某交易台当时的敞口、交易员或证券，或某日建仓的头寸"));
                return reading;
            case var _ when when.Kind == TimeKind.Span:
                unused.Add(new NotUsed(
                    when.Written,
                    $"'{when.Written}' is a span of time, and figures stand for an instant: name a date or a time, such as 2026-05-04 or 2026-05-04T12:00:00Z, or ask for the alerts of that span",
                    $"“{when.Written}”是一段时间，而数字对应某一时点：请给出日期或时间，例如 2026-05-04 或 2026-05-04T12:00:00Z，或询问这段时间的告警"));
                return reading;
            case var _ when when.Kind == TimeKind.Day && when.Day == parts.Business.Today:
                return reading with { When = null };
            case var _ when when.Day is { } day:
                return reading with { AsOf = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
            default:
                return reading with { AsOf = Rfc3339(when.From!.Value) };
        }
    }

    private static string Rfc3339(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static QuestionReading WithAge(QuestionReading reading, Parts parts, List<NotUsed> unused)
    {
        if (parts.Age is not { } age)
        {
            return reading;
        }

        if (reading.Topic != Topic.Alerts || reading.When is not null)
        {
            unused.Add(new NotUsed(
                age.Written, $"'{age.Written}' cannot be asked for here; ask for alerts open for more than a time", $"此处无法使用“{age.Written}”；可以询问持续超过某时长的告警"));
            return reading;
        }

        var then = parts.Business.Now - age.Length;
        reading = reading with { IsOpenOnly = !reading.IsCuredOnly };
        return age.IsMore ? reading with { OpenedTo = then } : reading with { OpenedFrom = then };
    }

    /// <summary>Reports what was read but cannot be used for the topic.</summary>
    private void AddUnused(QuestionReading reading, Parts parts, List<NotUsed> unused)
    {
        var topic = reading.Topic;
        if (topic == Topic.Unknown)
        {
            return;
        }

        if (reading.Bounds.Count > 0 && !(topic == Topic.Selection || (topic == Topic.Exposure && reading.Desks.Count > 0 && reading.Bounds.Select(bound => bound.Currency).All(code => code is null))))
        {
            Unused(reading.Bounds[0].Written, "amounts choose desks by their exposure or by the share of their limits that they use, such as: which desks are over 3 million?", "金额可用于按敞口或限额使用率筛选交易台，例如：哪些交易台的敞口超过 300万？");
        }

        if (reading.Excluded.Count > 0 && (reading.Desks.Count == 0 ? topic is Topic.OneAlert or Topic.Limits or Topic.Positions or Topic.Exposure or Topic.Comparison : false))
        {
            Unused(string.Join(", ", reading.Excluded), "desks can be left out of lists, totals, rankings and alerts", "可以在列表、合计、排名和告警中排除交易台");
        }

        if (topic == Topic.Ranking && GrossWord().Match(parts.Rest) is { Success: true } gross)
        {
            Unused(gross.Value, "rankings are by net delta; desks can be chosen by an amount of gross delta", "排名按净 Delta；可以按毛额的金额筛选交易台");
        }

        var isByCurrency = topic is Topic.Positions or Topic.Contributors or Topic.Selection or Topic.Exposure;
        if (parts.Currencies.Count > 1 || parts.Currencies.Any(currency => currency.Code is null))
        {
            Unused(string.Join(", ", parts.Currencies.Select(currency => currency.Written)), "ask for one currency, by its code, such as USD", "请用代码指定一种货币，例如 USD");
        }
        else if (parts.Currencies.Count == 1 && !isByCurrency && !reading.Conditions.Any(condition => condition.StartsWith("unit", StringComparison.Ordinal)))
        {
            Unused(parts.Currencies[0].Written, "amounts are not converted; ask for exposure by currency, or for the positions in one", "金额不做换算；可以询问按货币的敞口，或某货币的头寸");
        }

        if (reading.Count is { } count && (topic is not (Topic.Ranking or Topic.Contributors or Topic.Alerts or Topic.Selection or Topic.Positions or Topic.Utilisation or Topic.Breaches) || count is < 1 or > MostRows))
        {
            Unused(count.ToString(CultureInfo.InvariantCulture), $"ask for 1 to {MostRows} of a ranking, of contributors, positions or alerts", $"可以询问排名、贡献者、头寸或告警的前 1 至 {MostRows} 个");
        }

        if (reading.Horizon is { } horizon && topic is not (Topic.Exposure or Topic.Comparison or Topic.Limits) && (horizon != options.Value.HorizonNames()[0] || topic is Topic.Alerts)
            && !(topic == Topic.Contributors && reading.Desks.Count > 0))
        {
            Unused(horizon, "a horizon chooses the limits of a desk, such as: is Rates within its overnight limit?", "期限用于选择某交易台的限额，例如：Rates 的隔夜限额是否超限？");
        }

        if (reading.TraderId is { } trader && topic is not (Topic.Trader or Topic.Positions))
        {
            Unused(trader, "ask for the exposure or the positions of a trader", "可以询问某交易员的敞口或头寸");
        }

        if (reading.SecurityId is { } security && topic != Topic.Positions)
        {
            Unused(security, "ask for the positions of a security", "可以询问某证券的头寸");
        }

        if (topic is not Topic.Alerts && (reading.Status is not null || reading.Severity is not null && topic is not (Topic.OneAlert or Topic.Overview)) && reading.Desks.Count == 0)
        {
            Unused(reading.Severity ?? reading.Status!, "it is a word of alerts: ask for alerts", "该词用于告警：请询问告警");
        }

        if (topic is Topic.Alerts && NotAcked().Match(parts.Rest) is { Success: true } notAcked)
        {
            Unused(notAcked.Value, "ask for alerts that are open, cured, acknowledged, delivered or dead letters", "可以询问未结束、已结束、已确认、已送达或死信的告警");
        }

        if (CurrencyWords.Conversion().Match(parts.Rest) is { Success: true } conversion)
        {
            Unused(conversion.Value, "amounts are not converted; ask for exposure by currency", "金额不做换算；可以询问按货币的敞口");
        }

        void Unused(string written, string english, string chinese) => unused.Add(new NotUsed(written, $"'{written}' could not be used: {english}", $"“{written}”无法使用：{chinese}"));
    }

    /// <summary>Reports words that change the meaning of the question and were not used.</summary>
    private static void AddLeft(QuestionReading reading, Parts parts, List<NotUsed> unused)
    {
        var text = parts.Text;
        List<Regex> used = [Harmless(), OutsideLimits(), WithinLimits(), NoLimit(), BreachWord(), AckedWord(), NotAcked(), DeadLetterWord(), CurrencyWords.Conversion(), WhenWord()];
        if (reading.Topic == Topic.Comparison)
        {
            used.Add(Comparatives());
        }

        if (reading.Topic is Topic.Utilisation or Topic.Exposure or Topic.Limits or Topic.Selection)
        {
            used.Add(Within());
        }

        if (reading.Topic is Topic.Alerts)
        {
            used.Add(Open());
        }

        if (reading.Topic is Topic.Exposure && (reading.IsInBreach is not null || reading.Bounds.Count > 0))
        {
            // "Isn't Rates in breach?" and "Is Rates in breach?" have the same answer.
            used.Add(Isnt());
        }

        foreach (var pattern in used)
        {
            foreach (Match match in pattern.Matches(text.Rest))
            {
                text.Strike(match.Index, match.Length);
            }
        }

        var left = Operator().Matches(text.Rest).Concat(Number().Matches(text.Rest)).OrderBy(match => match.Index)
            .Select(match => text.Written(match.Index, match.Length)).Distinct().ToList();
        if (left.Count > 0)
        {
            var words = string.Join(", ", left.Take(10).Select(word => $"'{word}'"));
            unused.Add(new NotUsed(words, $"{words} could not be used in this question", $"这个问题中无法使用 {words}"));
        }
    }

    /// <summary>The greatest number of rows that a question may ask for.</summary>
    private const int MostRows = 25;
}
