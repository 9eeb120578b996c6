using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Rules;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.Deploy.Tests;

/// <summary>Rules, dashboard and autoscalers on Kubernetes are those of the compose file, and ask for metrics that there are.</summary>
public sealed partial class MonitoringTests
{
    private const string Production = "deploy/k8s/overlays/production";

    [Theory]
    [InlineData("prometheus-rule.yaml")]
    [InlineData("backup-rule.yaml")]
    public async Task The_rules_are_made_from_those_of_prometheus(string file)
    {
        using var folder = new TemporaryDirectory();
        await Kustomize.RunAsync("bash", ["deploy/k8s/components/monitoring/generate", folder.Path]);

        Assert.True(
            File.ReadAllText(folder.File(file)) == Read($"deploy/k8s/components/monitoring/{file}"),
            $"deploy/k8s/components/monitoring/{file} is not what ./generate makes of deploy/prometheus: run it");
    }

    [FactWithKustomize]
    public async Task No_rule_is_lost_on_the_way()
    {
        var rules = ManifestSet.Parse(await Kustomize.BuildAsync(Production)).Of<PrometheusRule>();

        var alerts = rules.SelectMany(rule => rule.Spec.Groups).SelectMany(group => group.Rules).ToList();
        Assert.Equal(Alarms().Order(), alerts.Select(alert => alert.Alert).Order());
        Assert.All(alerts, alert => Assert.NotEmpty(alert.Expr));
        Assert.All(alerts, alert => Assert.True(alert.Labels.ContainsKey("severity") && alert.Annotations.ContainsKey("summary"), alert.Alert));
    }

    [FactWithKustomize]
    public async Task The_dashboard_is_the_file_of_the_compose_project()
    {
        var map = Assert.Single(ManifestSet.Parse(await Kustomize.BuildAsync(Production)).Of<V1ConfigMap>(), map => map.Metadata.Labels?.ContainsKey("grafana_dashboard") == true);

        Assert.Equal(File.ReadAllText(Path.Combine(ComposeFile.Root, "deploy/compose/grafana/dashboards/riskmonitor.json")), map.Data["riskmonitor.json"]);
    }

    [TheoryWithProgram("promtool", "prometheus")]
    [InlineData("prometheus-rule.yaml")]
    [InlineData("backup-rule.yaml")]
    public async Task Promtool_accepts_the_rules_as_the_operator_writes_them(string file)
    {
        using var folder = new TemporaryDirectory();
        var lines = File.ReadLines(Path.Combine(ComposeFile.Root, "deploy/k8s/components/monitoring", file)).SkipWhile(line => line != "spec:").Skip(1);
        File.WriteAllLines(folder.File("rules.yml"), lines.Select(line => line.Length > 0 ? line[2..] : line));

        Assert.Contains("SUCCESS", await Kustomize.RunAsync("promtool", ["check", "rules", folder.File("rules.yml")]));
    }

    [FactWithKustomize]
    public async Task Autoscalers_follow_metrics_that_there_are()
    {
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("tests/Deploy.Tests/Overlays/keda"));
        var shown = ExportedInstruments.All.Select(exported => exported.Name).ToHashSet(StringComparer.Ordinal);

        var asked = set.Of<V2HorizontalPodAutoscaler>().SelectMany(scaler => scaler.Spec.Metrics).Select(metric => metric.Pods?.Metric.Name).OfType<string>()
            .Concat(set.Of<ScaledObject>().SelectMany(scaler => scaler.Spec.Triggers).SelectMany(trigger => Metric().Matches(trigger.Metadata["query"]).Select(match => match.Value)))
            .ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, metric => Assert.Contains(metric, shown));
    }

    [FactWithKustomize]
    public async Task Jobs_have_the_names_that_rules_and_dashboard_ask_for()
    {
        var set = ManifestSet.Parse(await Kustomize.BuildAsync(Production));
        var monitor = Assert.Single(set.Of<PodMonitor>());
        var relabeling = Assert.Single(Assert.Single(monitor.Spec.PodMetricsEndpoints).Relabelings);
        var jobs = set.Select(monitor.Spec.Selector).Select(pod => relabeling.Replacement.Replace("$1", pod.Role, StringComparison.Ordinal)).Order().ToList();

        Assert.Equal(jobs, ScrapedJob().Matches(Read("deploy/prometheus/prometheus.yml")).Select(match => match.Groups[1].Value).Order());
        var asked = new[] { "deploy/prometheus/alerts.yml", "deploy/compose/grafana/dashboards/riskmonitor.json" }.SelectMany(file => Job().Matches(Read(file))).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, job => Assert.Contains(jobs, name => Regex.IsMatch(name, $"^(?:{job})$")));
    }

    [Theory]
    [InlineData("sum(riskmonitor_cdc_partition_lag) > 10", "")]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(riskmonitor_alert_commit_to_delivered_seconds_bucket[5m]))) > 5", "")]
    [InlineData("sum(riskmonitor_cdc_partition_lags)", "there is no metric or function riskmonitor_cdc_partition_lags")]
    [InlineData("sum(dotnet_thread_pool_queue)", "there is no metric or function dotnet_thread_pool_queue")]
    [InlineData("sum(up{job=\"silo\"})", "up has no job silo")]
    [InlineData("sum(up{job=~\"riskmonitor-(silo|ingests)\"})", "up has no job ingests")]
    [InlineData("sum(riskmonitor_desks{status=\"unavailable\"})", "riskmonitor_desks has no label status")]
    [InlineData("increase(riskmonitor_operator_notices_total{event=\"feed_unprovable\"}[10m])", "riskmonitor_operator_notices_total has no event feed_unprovable")]
    [InlineData("sum by (desk) (riskmonitor_desks)", "there is no label desk")]
    [InlineData("summ(riskmonitor_desks)", "there is no metric or function summ")]
    [InlineData("5 > 3", "asks for no metric")]
    public void A_query_for_what_is_not_there_is_found(string query, string problem) =>
        Assert.Equal(problem.Length == 0 ? [] : [$"alarm: {problem}"], QueryRules.ProblemsOf("alarm", query));

    [Fact]
    public void The_docs_say_what_to_do_about_every_alarm()
    {
        var alarms = Alarms();
        var docs = File.ReadAllText(Path.Combine(ComposeFile.Root, "docs/operations.md"));

        Assert.NotEmpty(alarms);
        Assert.All(alarms, alarm => Assert.Contains($"| `{alarm}` |", docs));
    }

    private static List<string> Alarms() => [.. new[] { "alerts.yml", "backups.yml" }.SelectMany(file => Alert().Matches(Read($"deploy/prometheus/{file}"))).Select(match => match.Groups[1].Value)];

    private static string Read(string file) => File.ReadAllText(Path.Combine(ComposeFile.Root, file));

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"\bjob=~?\\?""([^""\\]+)\\?""")]
    private static partial Regex Job();

    [GeneratedRegex(@"job_name: (\S+)")]
    private static partial Regex ScrapedJob();

    [GeneratedRegex(@"\b(riskmonitor|orleans)_[a-z_]+")]
    private static partial Regex Metric();
}
