using System.Text.RegularExpressions;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Queries of alarms, dashboards and autoscalers ask for metrics, labels and values that there are: Prometheus answers any other name with nothing, and nothing rings.</summary>
internal static partial class QueryRules
{
    /// <summary>What Prometheus and the process itself bring.</summary>
    private static readonly string[] s_others = ["up", "process_working_set_bytes"];

    /// <summary>Of kube-state-metrics, with the labels that are asked for and the values that there are.</summary>
    private static readonly Dictionary<string, (string Label, string[] Values)[]> s_ofTheCluster = new(StringComparer.Ordinal)
    {
        ["kube_cronjob_created"] = [("cronjob", ["riskmonitor-backup"])],
        ["kube_cronjob_status_last_successful_time"] = [("cronjob", ["riskmonitor-backup"])],
        ["kube_job_status_start_time"] = [("job_name", [])],
        ["kube_job_owner"] = [("job_name", []), ("owner_kind", ["CronJob"]), ("owner_name", ["riskmonitor-backup"])],
        ["kube_job_failed"] = [("job_name", []), ("condition", ["true", "false", "unknown"])],
    };

    private static readonly string[] s_functions = ["sum", "max", "min", "avg", "count", "rate", "increase", "absent", "histogram_quantile", "time", "clamp_min", "topk"];
    private static readonly string[] s_words = ["and", "or", "unless", "bool", "offset"];
    private static readonly string[] s_labelsOfScraping = ["job", "instance", "namespace", "pod", "le"];
    private static readonly string[] s_jobs = ["riskmonitor-silo", "riskmonitor-ingest", "riskmonitor-frontend"];

    private static readonly Dictionary<string, ExportedInstrument> s_shown = ExportedInstruments.All.ToDictionary(exported => exported.Name, StringComparer.Ordinal);
    private static readonly HashSet<string> s_labels = [.. s_shown.Values.SelectMany(exported => exported.Labels).Select(label => label.Name), .. s_ofTheCluster.Values.SelectMany(labels => labels).Select(label => label.Label), .. s_labelsOfScraping];

    public static IEnumerable<string> ProblemsOf(string name, string query)
    {
        var problems = new List<string>();
        foreach (Match selector in Selector().Matches(query))
        {
            foreach (Match matcher in Matcher().Matches(selector.Groups[2].Value))
            {
                problems.AddRange(OfMatcher(selector.Groups[1].Value, matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value));
            }
        }

        var rest = Text().Replace(Range().Replace(Selector().Replace(query, "$1 "), " "), " ");
        rest = Grouping().Replace(rest, grouping =>
        {
            problems.AddRange(grouping.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries).Where(label => !s_labels.Contains(label)).Select(label => $"there is no label {label}"));
            return " ";
        });
        var metrics = Word().Matches(rest).Where(word => !(word.Groups[2].Success ? s_functions : s_words).Contains(word.Groups[1].Value)).Select(word => word.Groups[1].Value).ToList();
        problems.AddRange(metrics.Where(metric => Find(metric) is null && !s_others.Contains(metric) && !s_ofTheCluster.ContainsKey(metric)).Select(metric => $"there is no metric or function {metric}"));
        if (metrics.Count == 0)
        {
            problems.Add("asks for no metric");
        }

        return problems.Select(problem => $"{name}: {problem}");
    }

    private static IEnumerable<string> OfMatcher(string metric, string label, string operation, string value)
    {
        var known = s_ofTheCluster.GetValueOrDefault(metric)?.FirstOrDefault(own => own.Label == label) is { Label: not null } found ? found.Values : Find(metric)?.Labels.FirstOrDefault(own => own.Name == label)?.Known;
        if (known is null && !s_labelsOfScraping.Contains(label))
        {
            yield return $"{metric} has no label {label}";
        }

        var values = label == "job" ? s_jobs : known ?? [];
        if (values.Length > 0 && !values.Any(each => Regex.IsMatch(each, operation.EndsWith('~') ? $"^(?:{value})$" : $"^{Regex.Escape(value)}$")))
        {
            yield return $"{metric} has no {label} {value}";
        }

        // Each of several values has to be one.
        foreach (var part in operation.EndsWith('~') ? Alternative().Matches(value).Select(match => match.Value) : [])
        {
            if (values.Length > 0 && !values.Any(each => each.Contains(part, StringComparison.Ordinal)))
            {
                yield return $"{metric} has no {label} {part}";
            }
        }
    }

    /// <summary>A histogram is shown as three metrics.</summary>
    private static ExportedInstrument? Find(string metric) => s_shown.GetValueOrDefault(metric) ?? s_shown.GetValueOrDefault(Suffix().Replace(metric, ""));

    [GeneratedRegex(@"([a-zA-Z_:][\w:]*)?\s*\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("""(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"[\w-]+")]
    private static partial Regex Alternative();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\b([a-zA-Z_:][\w:]*)\b(\s*\()?")]
    private static partial Regex Word();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
