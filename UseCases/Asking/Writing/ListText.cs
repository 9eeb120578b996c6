namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>Sentences about lists: desks, contributors, alerts, limits, positions.</summary>
public static class ListText
{
    private const int MostNamed = 5;

    public static void Breaches(ConclusionBuilder text, ResultNode answer)
    {
        var desks = answer["desks"];
        var breached = desks.Rows.Where(row => row["utilisation_state"].Text == "breach" || row["open_breaches"].Number > 0).ToList();
        var total = text.Count(answer["total"]);
        if (breached.Count == 0)
        {
            text.Write($"None of {total} desk{Plural(answer["total"])} is in breach.", $"{total} 个交易台均未超限。");
        }
        else
        {
            var count = text.Count(breached.Count, desks);
            text.Write($"In breach: {count} of {total} desk{Plural(answer["total"])}.", $"{total} 个交易台中有 {count} 个交易台超限。");
            Rows(text, breached, row => $"{row["desk"].Name}: {DeskText.NetAndUse(text, row)}");
        }

        var near = desks.Rows.Where(row => row["utilisation_state"].Text == "warning" && row["open_breaches"].Number == 0).ToList();
        if (near.Count > 0)
        {
            text.Write("Close to a limit:", "接近限额：");
            Rows(text, near, row => $"{row["desk"].Name}: {DeskText.NetAndUse(text, row)}");
        }

        Cut(text, answer);
    }

    public static void Overview(ConclusionBuilder text, ResultNode answer)
    {
        Breaches(text, answer);
        var others = answer["desks"].Rows.Where(row => row["utilisation_state"].Text is not ("breach" or "warning") && row["open_breaches"].Number == 0).ToList();
        if (others.Count > 0)
        {
            text.Write("The others:", "其余：");
            Rows(text, others, row => $"{row["desk"].Name}: {DeskText.NetAndUse(text, row)}");
        }
    }

    public static void Ranking(ConclusionBuilder text, ResultNode answer)
    {
        text.Write("The largest by size of net delta, each in its own unit:", "净 Delta 规模最大的（各按其单位）：");
        Rows(text, answer["desks"].Rows, row => $"{row["desk"].Name}: {DeskText.NetAndUse(text, row)}");
        Cut(text, answer);
    }

    public static void Trader(ConclusionBuilder text, ResultNode answer, string trader)
    {
        if (answer["rows"].Rows.Count == 0)
        {
            text.Write($"No position of a trader {NameText.Quoted(trader)} is held.", $"没有交易员 {NameText.Quoted(trader)} 的头寸。");
            return;
        }

        text.Write($"Trader {NameText.Of(trader)}:", $"交易员 {NameText.Of(trader)}：");
        Rows(text, answer["rows"].Rows, row => $"{row["desk"].Name} {DeskText.Net(text, row)}");
    }

    /// <summary>Sums over all desks by currency: amounts of different currencies are not added up.</summary>
    public static void Totals(ConclusionBuilder text, ResultNode answer)
    {
        if (answer["rows"].Rows.Count > 0)
        {
            text.Write("All desks together, by currency:", "全部交易台按货币合计：");
            Rows(text, answer["rows"].Rows, row => $"{row["currency"].Text} {DeskText.Net(text, row)}");
        }
    }

    public static void Contributors(ConclusionBuilder text, string? desk, string groupBy, IReadOnlyList<ResultNode> rows)
    {
        desk = desk is null ? null : NameText.Of(desk);
        var key = groupBy == "currency" ? "currency" : $"{groupBy}_id";
        var (english, chinese) = groupBy switch
        {
            "security" => ("securities", "证券"),
            "currency" => ("currencies", "货币"),
            _ => ("traders", "交易员"),
        };
        if (rows.Count == 0)
        {
            text.Write($"{desk ?? "Nobody"} has no {english}: there are no positions.", $"{desk} 没有头寸，因此没有{chinese}。");
            return;
        }

        text.Write($"The largest {english}{(desk is null ? "" : $" on {desk}")} by size of net delta:", $"{(desk is null ? "" : $"{desk} ")}净 Delta 最大的{chinese}：");
        AllRows(text, rows, row => $"{(desk is null && row["desk"].IsThere ? $"{row["desk"].Name} " : "")}{row[key].Name}: {DeskText.Net(text, row)}");
    }

    public static void Alerts(ConclusionBuilder text, ResultNode answer, string? desk, bool isOpenOnly)
    {
        desk = desk is null ? null : NameText.Of(desk);
        var (english, chinese) = (desk is null ? "" : $" of {desk}", desk is null ? "" : $"{desk} ");
        if (answer["total"].Number == 0)
        {
            text.Write($"There are no {(isOpenOnly ? "open " : "")}alerts{english} that match.", $"{chinese}没有符合条件的{(isOpenOnly ? "未结束" : "")}告警。");
            return;
        }

        var total = text.Count(answer["total"]);
        text.Write($"{total} {(isOpenOnly ? "open " : "")}alert{Plural(answer["total"])}{english}, newest first:", $"{chinese}{(isOpenOnly ? "未结束的" : "")}告警共 {total} 条，最新在前：");
        Rows(text, answer["alerts"].Rows, row => Alert(text, row));
        Cut(text, answer);
    }

    public static string Alert(ConclusionBuilder text, ResultNode row)
    {
        var (english, chinese) = DeskText.MetricNames(row["metric_name"].Text);
        var unit = row["unit"].Text;
        var (value, threshold, opened) = (text.Size(row["metric_value"], unit), text.Size(row["threshold_value"], unit), text.Time(row["opened_at"]));
        var isShort = row["metric_value"].Number < 0;
        return text.IsChinese
            ? $"{row["desk"].Name} {row["severity"].Text}，{chinese}{(isShort ? "空头 " : "")}{value}，限额 {threshold}，{opened} 开始，{(row["breach_state"].Text == "open" ? "未结束" : "已结束")}，状态 {row["status"].Text}"
            : $"{row["desk"].Name} {row["severity"].Text}, {english} {(isShort ? "short " : "")}{value} against a limit of {threshold}, opened {opened}, {row["breach_state"].Text}, {row["status"].Text}";
    }

    public static void Limits(ConclusionBuilder text, ResultNode answer, string? desk)
    {
        desk = desk is null ? null : NameText.Of(desk);
        var limits = answer["limits"].Rows.Where(row => desk is null || row["effective"].IsTrue).ToList();
        if (limits.Count == 0)
        {
            text.Write(desk is null ? "No limits are set." : $"No limit binds {desk}.", desk is null ? "没有设置限额。" : $"{desk} 没有生效的限额。");
            return;
        }

        text.Write(desk is null ? "Limits:" : $"The limits that bind {desk}:", desk is null ? "限额：" : $"{desk} 生效的限额：");
        Rows(text, limits, row =>
        {
            var (english, chinese) = DeskText.MetricNames(row["metric"].Text);
            var scope = desk is not null ? "" : row["scope_kind"].Text == "desk" ? $"{row["scope_key"].Name} " : text.IsChinese ? "默认 " : "default ";
            var threshold = text.Size(row["threshold"], row["currency"].Text);
            return $"{scope}{row["profile"].Text} {row["horizon"].Text} {(text.IsChinese ? chinese : $"{english} ")}{threshold}";
        });
        Cut(text, answer);
    }

    public static void Positions(ConclusionBuilder text, ResultNode answer)
    {
        if (answer["total"].Number == 0)
        {
            text.Write("There are no positions that match.", "没有符合条件的头寸。");
            return;
        }

        var total = text.Count(answer["total"]);
        text.Write($"{total} position{Plural(answer["total"])}:", $"共 {total} 个头寸：");
        Rows(text, answer["positions"].Rows, row =>
        {
            var place = $"{row["desk"].Name} {row["position_id"].Name} {row["trader_id"].Name} {row["security_id"].Name}";
            var amount = row["delta"].IsThere ? text.Size(row["delta"], row["currency"].Text) : null;
            return amount is null ? $"{place}: {(text.IsChinese ? "无 Delta" : "no delta")}"
                : text.IsChinese ? $"{place}：{(row["delta"].Number < 0 ? "空头" : "多头")} {amount}"
                : $"{place}: {(row["delta"].Number < 0 ? "short" : "long")} {amount}";
        });
        Cut(text, answer);
    }

    public static void DeskNames(ConclusionBuilder text, ResultNode answer)
    {
        var total = text.Count(answer["total"]);
        var names = string.Join(text.IsChinese ? "、" : ", ", answer["desks"].Rows.Select(row => row["desk"].Name));
        text.Write($"You may see {total} desk{Plural(answer["total"])}: {names}.", $"您可以看到 {total} 个交易台：{names}。");
        Cut(text, answer);
    }

    /// <summary>Lists the desks that meet the conditions of the question.</summary>
    public static void Selected(ConclusionBuilder text, ResultNode answer, string english, string chinese)
    {
        if (answer["total"].Number == 0)
        {
            text.Write($"No desk {english}.", $"没有{chinese}的交易台。");
            return;
        }

        var total = text.Count(answer["total"]);
        text.Write($"{total} desk{Plural(answer["total"])} that {english}:", $"{chinese}的交易台共 {total} 个：");
        Rows(text, answer["desks"].Rows, row => $"{row["desk"].Name}: {DeskText.NetAndUse(text, row)}");
        Cut(text, answer);
    }

    /// <summary>Names the desks for which nothing is kept of the past instant, and whether the figures are exact.</summary>
    public static void Past(ConclusionBuilder text, ResultNode answer)
    {
        if (answer["history"] is not { IsThere: true } history)
        {
            return;
        }

        var at = text.Time(answer["as_of"]);
        text.Write($"As of {at}{(history["exact"].IsTrue ? "" : ", by the last states kept before it")}:", $"截至 {at}{(history["exact"].IsTrue ? "" : "（按此前保留的最后状态）")}：");
        if (history["not_kept"].Rows.Count > 0)
        {
            var names = string.Join(text.IsChinese ? "、" : ", ", history["not_kept"].Rows.Take(MostNamed).Select(row => row.Name));
            text.Write($"Nothing is kept of {names}{(history["not_kept"].Rows.Count > MostNamed ? " and others" : "")} that early; they are not in these figures.", $"{names}{(history["not_kept"].Rows.Count > MostNamed ? " 等" : "")} 当时没有保留数据，不在这些数字中。");
        }
    }

    private static void AllRows(ConclusionBuilder text, IReadOnlyList<ResultNode> rows, Func<ResultNode, string> write) =>
        text.Write($"{string.Join("; ", rows.Select(write))}.", $"{string.Join("；", rows.Select(write))}。");

    private static void Rows(ConclusionBuilder text, IReadOnlyList<ResultNode> rows, Func<ResultNode, string> write)
    {
        var written = rows.Take(MostNamed).Select(write).ToList();
        var more = rows.Count > MostNamed;
        text.Write($"{string.Join("; ", written)}{(more ? "; and more, in the results" : "")}.", $"{string.Join("；", written)}{(more ? "；其余见结果" : "")}。");
    }

    /// <summary>Says so if the list is cut.</summary>
    private static void Cut(ConclusionBuilder text, ResultNode answer)
    {
        if (answer["truncated"].IsTrue || answer.Result.LeftOut.Count > 0)
        {
            text.Write("The list is longer than what was read for this answer.", "列表比本答案读取的更长。");
        }
    }

    private static string Plural(ResultNode count) => count.Number == 1 ? "" : "s";
}
