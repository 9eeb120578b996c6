using System.Text.Json;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Asking.Reading.Quantities;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>Sentences about a desk, from the answer of monitor_desk_exposure or a row of list_desks.</summary>
public static class DeskText
{
    private const int MostCurrencies = 8;

    /// <summary>Writes the exposure of the desk and its use of each limit.</summary>
    public static void ExposureAndLimits(ConclusionBuilder text, ResultNode answer)
    {
        var desk = answer["desk"].Name;
        Exposure(text, desk, answer["exposure"], answer["as_of"], answer["history"].IsThere);
        var (exposure, unit) = (answer["exposure"], answer["exposure"]["unit"].Text);
        var limits = answer["limits"].Rows;
        if (limits.Count == 0)
        {
            text.Write($"No {answer["limit_profile"].Text} {answer["horizon"].Text} limit is set for it.", $"该台未设置 {answer["limit_profile"].Text} {answer["horizon"].Text} 限额。");
        }

        foreach (var limit in limits)
        {
            Limit(text, answer, limit, unit, isDoubtful: DataCaveats.ExistFor(exposure));
        }

        if (answer["breaches"].Rows.Count > 0)
        {
            var count = text.Count(answer["breaches"].Rows.Count, answer["breaches"]);
            text.Write($"Open breach episodes: {count}.", $"未结束的超限：{count} 起。");
        }
    }

    /// <summary>Writes the desk's positions in one currency. Amounts are not converted, and the text says so.</summary>
    public static void InCurrency(ConclusionBuilder text, ResultNode answer, string currency)
    {
        var desk = answer["desk"].Name;
        var rows = answer["exposure"]["by_currency"].Rows;
        if (rows.FirstOrDefault(row => row["currency"].Text == currency) is { Json.ValueKind: JsonValueKind.Object } found)
        {
            var (net, count) = (Net(text, found), text.Count(found["position_count"]));
            text.Write($"The positions of {desk} in {currency}: {net}, {count} position{(count == "1" ? "" : "s")}.", $"{desk} 的 {currency} 头寸：{net}，共 {count} 个。");
        }
        else
        {
            text.Write($"{desk} holds no positions in {currency}.", $"{desk} 没有 {currency} 头寸。");
        }

        var others = rows.Where(row => row["currency"].Text != currency).Select(row => $"{row["currency"].Text} {Net(text, row)}").ToList();
        if (others.Count > 0)
        {
            text.Write($"In other currencies: {string.Join("; ", others)}.", $"其他货币：{string.Join("；", others)}。");
        }

        if (answer["reporting"]["currency"].Text == currency && answer["reporting"]["delta"].IsThere)
        {
            var converted = answer["reporting"]["delta"];
            var size = text.Size(converted, currency);
            text.Write($"All of it, converted: net {(converted.Number < 0 ? "short" : "long")} {size}.", $"全部折算后：{(converted.Number < 0 ? "净空头" : "净多头")} {size}。");
        }
        else
        {
            text.Write($"Amounts are not converted into {currency}.", $"金额未换算为 {currency}。");
        }
    }

    /// <summary>Says whether the desk meets a bound.</summary>
    public static void Verdict(ConclusionBuilder text, ResultNode answer, Bound bound, bool isGross)
    {
        var (figure, unit) = bound.IsShare ? (answer["utilisation"], "") : (answer["exposure"][isGross ? "gross_delta" : "delta"], answer["exposure"]["unit"].Text);
        if (!figure.IsThere || unit == "mixed")
        {
            text.Write(
                $"Whether {answer["desk"].Name} is {bound.Written} cannot be said: {(bound.IsShare ? "no limit is in force" : "its positions are in several currencies")}.",
                $"无法判断 {answer["desk"].Name} 是否{bound.Written}：{(bound.IsShare ? "没有生效的限额" : "其头寸为多种货币")}。");
            return;
        }

        var said = bound.IsShare ? text.Percent(figure) : text.Size(figure, unit);
        var holds = bound.Holds(Math.Abs(figure.Number));
        text.Write(
            $"{(holds ? "Yes" : "No")}: {said} is {(holds ? "" : "not ")}{bound.Written}.",
            $"{(holds ? "是" : "否")}：{said}，{(holds ? "满足" : "不满足")}“{bound.Written}”。");
    }

    /// <summary>Writes the limits that were in force at a past instant.</summary>
    public static void PastLimits(ConclusionBuilder text, ResultNode answer)
    {
        var (desk, at) = (answer["desk"].Name, text.Time(answer["as_of"]));
        var unit = answer["exposure"]["unit"].Text;
        var limits = answer["limits"].Rows.Select(limit =>
        {
            var (english, chinese) = MetricNames(limit["metric"].Text);
            var threshold = text.Size(limit["threshold"], unit);
            return text.IsChinese ? $"{limit["profile"].Text} {limit["horizon"].Text} {chinese}{threshold}" : $"{limit["profile"].Text} {limit["horizon"].Text} {english} {threshold}";
        }).ToList();
        text.Write(
            limits.Count == 0 ? $"As of {at}, no {answer["limit_profile"].Text} {answer["horizon"].Text} limit was in force for {desk}." : $"As of {at}, the limits in force for {desk}: {string.Join("; ", limits)}.",
            limits.Count == 0 ? $"截至 {at}，{desk} 没有生效的 {answer["limit_profile"].Text} {answer["horizon"].Text} 限额。" : $"截至 {at}，{desk} 生效的限额：{string.Join("；", limits)}。");
    }

    public static void Exposure(ConclusionBuilder text, string desk, ResultNode figures, ResultNode asOf, bool isPast)
    {
        var unit = figures["unit"].Text;
        var (english, chinese) = isPast ? ($"As of {text.Time(asOf)}, ", $"截至 {text.Time(asOf)}，") : ("", "");
        if (figures["position_count"].Number == 0)
        {
            text.Write($"{english}{desk} holds no positions.", $"{chinese}{desk} 没有头寸。");
            return;
        }

        if (unit == Units.Mixed && figures["by_currency"].Rows is { Count: > 1 } currencies)
        {
            // Amounts in several currencies cannot be added, so each currency is written separately.
            var positions = text.Count(figures["position_count"]);
            var each = string.Join(text.IsChinese ? "；" : "; ", currencies.Take(MostCurrencies).Select(row => $"{row["currency"].Text} {Net(text, row)}"));
            var isMore = currencies.Count > MostCurrencies;
            text.Write(
                $"{english}{desk} holds {positions} positions in several currencies, which are not converted: {each}{(isMore ? "; and more, in the results" : "")}.",
                $"{chinese}{desk} 持有 {positions} 个多币种头寸，未经换算：{each}{(isMore ? "；其余见结果" : "")}。");
            return;
        }

        var (net, isFlat, isLong) = (figures["delta"], figures["delta"].Number == 0, figures["delta"].Number > 0);
        var (size, longs, shorts) = (text.Size(net, unit), text.Size(figures["long_delta"], unit), text.Size(figures["short_delta"], unit));
        var (gross, count) = (text.Size(figures["gross_delta"], unit), text.Count(figures["position_count"]));
        text.Write(
            $"{english}{desk} is {(isFlat ? $"flat: net {size}" : $"net {(isLong ? "long" : "short")} {size}")} ({longs} long, {shorts} short, gross {gross}) over {count} position{(count == "1" ? "" : "s")}.",
            $"{chinese}{desk} {(isFlat ? "净持平，净额" : isLong ? "净多头" : "净空头")} {size}（{longs} 多头，{shorts} 空头，毛额 {gross}），共 {count} 个头寸。");
    }

    /// <summary>The net delta with its direction, for a row of a list.</summary>
    public static string Net(ConclusionBuilder text, ResultNode figures)
    {
        var net = figures["delta"];
        var size = text.Size(net, figures["unit"].Text);
        return text.IsChinese
            ? $"{(net.Number < 0 ? "净空头" : "净多头")} {size}"
            : $"net {(net.Number < 0 ? "short" : "long")} {size}";
    }

    /// <summary>The net delta with its direction and the use of the limit, for a row of a list.</summary>
    public static string NetAndUse(ConclusionBuilder text, ResultNode row)
    {
        var net = Net(text, row);
        if (!row["utilisation"].IsThere || !row["threshold"].IsThere)
        {
            return net;
        }

        var (used, threshold) = (text.Percent(row["utilisation"]), text.Size(row["threshold"], row["unit"].Text));
        return text.IsChinese ? $"{net}，限额 {threshold} 已用 {used}" : $"{net}, {used} of its limit of {threshold}";
    }

    private static void Limit(ConclusionBuilder text, ResultNode answer, ResultNode limit, string unit, bool isDoubtful)
    {
        var (english, chinese) = MetricNames(limit["metric"].Text);
        var horizon = limit["horizon"].Text;
        var threshold = text.Size(limit["threshold"], unit);
        var state = limit["utilisation_state"].Text;
        var used = limit["utilisation"].IsThere ? text.Percent(limit["utilisation"]) : null;
        if (state == "breach")
        {
            var breach = answer["breaches"].Rows.FirstOrDefault(row => row["metric_name"].Text == limit["metric"].Text && row["horizon"].Text == horizon && row["limit_profile"].Text == limit["profile"].Text);
            var over = breach.Json.ValueKind == JsonValueKind.Object && breach["breach_amount"].Number > 0 ? text.Size(breach["breach_amount"], unit) : null;
            text.Write(
                $"It breaches its {horizon} {english} limit of {threshold}{(over is null ? "" : $" by {over}")}{(used is null ? "" : $", using {used}")}.",
                $"已超限：{horizon} {chinese}限额 {threshold}{(over is null ? "" : $"，超出 {over}")}{(used is null ? "" : $"，已用 {used}")}。");
        }
        else if (state == "warning")
        {
            text.Write($"It is close to its {horizon} {english} limit: {used} of {threshold} used.", $"接近 {horizon} {chinese}限额：{threshold} 已用 {used}。");
        }
        else if (isDoubtful)
        {
            text.Write(
                $"On figures that are not certain, it would be within its {horizon} {english} limit of {threshold}{(used is null ? "" : $" ({used} used)")}.",
                $"按并不确定的数字，其 {horizon} {chinese}限额 {threshold}{(used is null ? "" : $" 已用 {used}")}，似乎未超限。");
        }
        else
        {
            text.Write(
                $"It is within its {horizon} {english} limit of {threshold}{(used is null ? "" : $" ({used} used)")}.",
                $"未超限：{horizon} {chinese}限额 {threshold}{(used is null ? "" : $" 已用 {used}")}。");
        }
    }

    public static (string English, string Chinese) MetricNames(string metric) => metric == RiskMetric.GrossDelta.Name() ? ("gross delta", "毛 Delta ") : ("net delta", "净 Delta ");
}
