namespace RiskMonitor.McpFrontend.Asking.Writing;

/// <summary>Sentences about lists: desks, contributors, alerts, limits, positions.</summary>
internal static class ListText
{
    private const int MostNamed = 5;

    public static void Breaches(CitedText text, Part answer)
    {
        var desks = answer["desks"];
        var breached = desks.Rows.Where(row => row["utilisation_state"].Text == "breach" || row["open_breaches"].Number > 0).ToList();
        var total = text.Count(answer["total"]);
        if (breached.Count == 0)
        {
            text.Say($"None of {total} desk{Plural(answer["total"])} is in breach.", $"{total} 个交易台均未超限。");
        }
        else
        {
            var count = text.Count(breached.Count, desks);
            text.Say($"In breach: {count} of {total} desk{Plural(answer["total"])}.", $"{total} 个交易台中有 {count} 个超限。");
            Rows(text, breached, row => $"{row["desk"].Text}: {DeskText.NetAndUse(text, row)}");
        }

        var near = desks.Rows.Where(row => row["utilisation_state"].Text == "warning" && row["open_breaches"].Number == 0).ToList();
        if (near.Count > 0)
        {
            text.Say("Close to a limit:", "接近限额：");
            Rows(text, near, row => $"{row["desk"].Text}: {DeskText.NetAndUse(text, row)}");
        }

        Cut(text, answer);
    }

    public static void Overview(CitedText text, Part answer)
    {
        Breaches(text, answer);
        var others = answer["desks"].Rows.Where(row => row["utilisation_state"].Text is not ("breach" or "warning") && row["open_breaches"].Number == 0).ToList();
        if (others.Count > 0)
        {
            text.Say("The others:", "其余：");
            Rows(text, others, row => $"{row["desk"].Text}: {DeskText.NetAndUse(text, row)}");
        }
    }

    public static void Ranking(CitedText text, Part answer)
    {
        text.Say("The largest by size of net delta, each in its own unit:", "净 Delta 规模最大的（各按其单位）：");
        Rows(text, answer["desks"].Rows, row => $"{row["desk"].Text}: {DeskText.NetAndUse(text, row)}");
        Cut(text, answer);
    }

    public static void Trader(CitedText text, Part answer, string trader)
    {
        if (answer["rows"].Rows.Count == 0)
        {
            text.Say($"No position of a trader '{trader}' is held.", $"没有交易员 '{trader}' 的头寸。");
            return;
        }

        text.Say($"Trader {trader}:", $"交易员 {trader}：");
        Rows(text, answer["rows"].Rows, row => $"{row["desk"].Text} {DeskText.Net(text, row)}");
    }

    /// <summary>Sums over all desks by currency: amounts of different currencies are not added up.</summary>
    public static void Totals(CitedText text, Part answer)
    {
        if (answer["rows"].Rows.Count > 0)
        {
            text.Say("All desks together, by currency:", "全部交易台按货币合计：");
            Rows(text, answer["rows"].Rows, row => $"{row["currency"].Text} {DeskText.Net(text, row)}");
        }
    }

    public static void Contributors(CitedText text, string? desk, string groupBy, IReadOnlyList<Part> rows)
    {
        var key = groupBy == "currency" ? "currency" : $"{groupBy}_id";
        var (english, chinese) = groupBy switch
        {
            "security" => ("securities", "证券"),
            "currency" => ("currencies", "货币"),
            _ => ("traders", "交易员"),
        };
        if (rows.Count == 0)
        {
            text.Say($"{desk ?? "Nobody"} has no {english}: there are no positions.", $"{desk} 没有头寸，因此没有{chinese}。");
            return;
        }

        text.Say($"The largest {english}{(desk is null ? "" : $" on {desk}")} by size of net delta:", $"{(desk is null ? "" : $"{desk} ")}净 Delta 最大的{chinese}：");
        Rows(text, rows, row => $"{(desk is null && row["desk"].IsThere ? $"{row["desk"].Text} " : "")}{row[key].Text}: {DeskText.Net(text, row)}");
    }

    public static void Alerts(CitedText text, Part answer, string? desk, bool isOpenOnly)
    {
        var (english, chinese) = (desk is null ? "" : $" of {desk}", desk is null ? "" : $"{desk} ");
        if (answer["total"].Number == 0)
        {
            text.Say($"There are no {(isOpenOnly ? "open " : "")}alerts{english} that match.", $"{chinese}没有符合条件的{(isOpenOnly ? "未结束" : "")}告警。");
            return;
        }

        var total = text.Count(answer["total"]);
        text.Say($"{total} {(isOpenOnly ? "open " : "")}alert{Plural(answer["total"])}{english}, newest first:", $"{chinese}{(isOpenOnly ? "未结束的" : "")}告警共 {total} 条，最新在前：");
        Rows(text, answer["alerts"].Rows, row => Alert(text, row));
        Cut(text, answer);
    }

    public static string Alert(CitedText text, Part row)
    {
        var (english, chinese) = DeskText.MetricNames(row["metric_name"].Text);
        var unit = row["unit"].Text;
        var (value, threshold, opened) = (text.Size(row["metric_value"], unit), text.Size(row["threshold_value"], unit), text.Time(row["opened_at"]));
        var isShort = row["metric_value"].Number < 0;
        return text.IsChinese
            ? $"{row["desk"].Text} {row["severity"].Text}，{chinese}{(isShort ? "空头 " : "")}{value}，限额 {threshold}，{opened} 开始，{(row["breach_state"].Text == "open" ? "未结束" : "已结束")}，状态 {row["status"].Text}"
            : $"{row["desk"].Text} {row["severity"].Text}, {english} {(isShort ? "short " : "")}{value} against a limit of {threshold}, opened {opened}, {row["breach_state"].Text}, {row["status"].Text}";
    }

    public static void Limits(CitedText text, Part answer, string? desk)
    {
        var limits = answer["limits"].Rows.Where(row => desk is null || row["effective"].IsTrue).ToList();
        if (limits.Count == 0)
        {
            text.Say(desk is null ? "No limits are set." : $"No limit binds {desk}.", desk is null ? "没有设置限额。" : $"{desk} 没有生效的限额。");
            return;
        }

        text.Say(desk is null ? "Limits:" : $"The limits that bind {desk}:", desk is null ? "限额：" : $"{desk} 生效的限额：");
        Rows(text, limits, row =>
        {
            var (english, chinese) = DeskText.MetricNames(row["metric"].Text);
            var scope = desk is not null ? "" : row["scope_kind"].Text == "desk" ? $"{row["scope_key"].Text} " : text.IsChinese ? "默认 " : "default ";
            var threshold = text.Size(row["threshold"], row["currency"].Text);
            return $"{scope}{row["profile"].Text} {row["horizon"].Text} {(text.IsChinese ? chinese : $"{english} ")}{threshold}";
        });
        Cut(text, answer);
    }

    public static void Positions(CitedText text, Part answer)
    {
        if (answer["total"].Number == 0)
        {
            text.Say("There are no positions that match.", "没有符合条件的头寸。");
            return;
        }

        var total = text.Count(answer["total"]);
        text.Say($"{total} position{Plural(answer["total"])}:", $"共 {total} 个头寸：");
        Rows(text, answer["positions"].Rows, row =>
        {
            var place = $"{row["desk"].Text} {row["position_id"].Text} {row["trader_id"].Text} {row["security_id"].Text}";
            var amount = row["delta"].IsThere ? text.Size(row["delta"], row["currency"].Text) : null;
            return amount is null ? $"{place}: {(text.IsChinese ? "无 Delta" : "no delta")}"
                : text.IsChinese ? $"{place}：{(row["delta"].Number < 0 ? "空头" : "多头")} {amount}"
                : $"{place}: {(row["delta"].Number < 0 ? "short" : "long")} {amount}";
        });
        Cut(text, answer);
    }

    public static void DeskNames(CitedText text, Part answer)
    {
        var total = text.Count(answer["total"]);
        var names = string.Join(text.IsChinese ? "、" : ", ", answer["desks"].Rows.Select(row => row["desk"].Text));
        text.Say($"You may see {total} desk{Plural(answer["total"])}: {names}.", $"您可以看到 {total} 个交易台：{names}。");
        Cut(text, answer);
    }

    private static void Rows(CitedText text, IReadOnlyList<Part> rows, Func<Part, string> write)
    {
        var written = rows.Take(MostNamed).Select(write).ToList();
        var more = rows.Count > MostNamed;
        text.Say($"{string.Join("; ", written)}{(more ? "; and more, in the results" : "")}.", $"{string.Join("；", written)}{(more ? "；其余见结果" : "")}。");
    }

    /// <summary>A list that is cut says so.</summary>
    private static void Cut(CitedText text, Part answer)
    {
        if (answer["truncated"].IsTrue || answer.Result.LeftOut.Count > 0)
        {
            text.Say("The list is longer than what was read for this answer.", "列表比本答案读取的更长。");
        }
    }

    private static string Plural(Part count) => count.Number == 1 ? "" : "s";
}
