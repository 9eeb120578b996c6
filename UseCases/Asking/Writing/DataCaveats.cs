using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Asking.Writing;

/// <summary>Warnings about the data behind the figures. They are appended to every conclusion, from the rules and from a model.</summary>
public static class DataCaveats
{
    public static void Write(ConclusionBuilder text)
    {
        var english = new List<string>();
        var chinese = new List<string>();
        foreach (var result in text.Results.Select(ResultNode.Of))
        {
            foreach (var figures in FiguresOf(result))
            {
                var name = Who(figures, result);
                if (figures["missing_delta_count"] is { Number: > 0 } missing)
                {
                    var (some, all) = (text.Count(missing), text.Count(figures["position_count"]));
                    english.Add($"{some} of {all} positions{For(name)} have no delta and count as zero");
                    chinese.Add($"{name}{all} 个头寸中有 {some} 个没有 Delta，按零计");
                }

                // Totals over all desks are written by currency, so they need no warning.
                if (figures["unit"].Text == Units.Mixed && name.Length > 0)
                {
                    english.Add($"the sums{For(name)} add up several currencies without conversion and are no amount of money");
                    chinese.Add($"{name}的合计未经换算地加总了多种货币，并非金额");
                }
            }

            if (result["feed"]["state"].Text is { Length: > 0 } state && state != FeedState.Live.Name())
            {
                english.Add($"the position feed{For(Who(result, result))} is {state}, so that figures may be {(state == FeedState.Stale.Name() ? "old" : "wrong")}");
                chinese.Add($"{Who(result, result)}头寸数据流状态为 {state}，数字可能{(state == FeedState.Stale.Name() ? "已过时" : "有误")}");
            }
        }

        if (english.Count > 0)
        {
            text.Write($"Read the figures with care: {string.Join("; ", english.Distinct())}.", $"请谨慎看待这些数字：{string.Join("；", chinese.Distinct())}。");
        }
    }

    /// <summary>Whether the figures have a caveat, so that "within its limit" needs a reservation.</summary>
    public static bool ExistFor(ResultNode figures) =>
        figures["missing_delta_count"].Number > 0 || figures["unit"].Text == Units.Mixed || figures["building"].IsTrue
        || (figures.Result.Answer.TryGetProperty("feed", out _) && ResultNode.Of(figures.Result)["feed"]["state"].Text != FeedState.Live.Name());

    /// <summary>The nodes of a result that hold figures of desks.</summary>
    private static IEnumerable<ResultNode> FiguresOf(ResultNode result) =>
        result["exposure"].IsThere ? [result["exposure"]] : result["desks"].IsThere ? result["desks"].Rows : result["totals"].IsThere ? [result["totals"]] : [];

    private static string Who(ResultNode figures, ResultNode result) =>
        figures["desk"].Text is { Length: > 0 } ? figures["desk"].Name : result["desk"].Text.Length > 0 ? result["desk"].Name : "";

    private static string For(string name) => name.Length == 0 ? "" : $" of {name}";
}
