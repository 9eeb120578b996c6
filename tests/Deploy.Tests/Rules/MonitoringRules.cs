using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Who is scraped, and what alarms and dashboards ask.</summary>
internal static class MonitoringRules
{
    private static readonly string[] s_roles = ["silo", "ingest", "frontend"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set) =>
        set.Of<PodMonitor>().SelectMany(monitor => OfMonitor(set, monitor))
            .Concat(set.Of<PrometheusRule>().SelectMany(rule => rule.Spec.Groups).SelectMany(group => group.Rules).SelectMany(OfAlarm))
            .Concat(set.Of<V1ConfigMap>().Where(map => map.Metadata.Labels?.ContainsKey("grafana_dashboard") == true).SelectMany(map => map.Data).SelectMany(file => OfDashboard(file.Key, JsonNode.Parse(file.Value)!)));

    private static IEnumerable<string> OfMonitor(ManifestSet set, PodMonitor monitor)
    {
        var name = $"PodMonitor {monitor.Metadata.Name}";
        var pods = set.Select(monitor.Spec.Selector).ToList();
        foreach (var role in s_roles.Where(role => pods.TrueForAll(pod => pod.Role != role)))
        {
            yield return $"{name}: does not scrape the {role}s";
        }

        if (monitor.Spec.PodMetricsEndpoints.Count != 1)
        {
            yield return $"{name}: scrapes {monitor.Spec.PodMetricsEndpoints.Count} ports of a pod";
        }

        foreach (var endpoint in monitor.Spec.PodMetricsEndpoints)
        {
            if (pods.Any(pod => pod.Port(endpoint.Port) is null))
            {
                yield return $"{name}: scrapes port {endpoint.Port}, which its pods do not have";
            }

            if (endpoint.Path != "/metrics")
            {
                yield return $"{name}: scrapes {endpoint.Path}, not /metrics";
            }

            if (Seconds(endpoint.ScrapeTimeout) is not > 0 || !(Seconds(endpoint.ScrapeTimeout) <= Seconds(endpoint.Interval)) || Seconds(endpoint.Interval) > 30)
            {
                yield return $"{name}: scrapes each {endpoint.Interval} for up to {endpoint.ScrapeTimeout}; alarms look at the last minute";
            }

            if (!endpoint.Relabelings.Any(relabeling => relabeling is { TargetLabel: "job", Replacement: "riskmonitor-$1", SourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_component"] }))
            {
                yield return $"{name}: gives pods another job than riskmonitor-ROLE, by which alarms and dashboard tell them";
            }
        }
    }

    private static IEnumerable<string> OfAlarm(AlertRule rule)
    {
        if (rule.Labels.GetValueOrDefault("severity") is not ("critical" or "warning"))
        {
            yield return $"alarm {rule.Alert}: is neither critical nor a warning";
        }

        foreach (var problem in QueryRules.ProblemsOf($"alarm {rule.Alert}", rule.Expr))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> OfDashboard(string name, JsonNode node)
    {
        foreach (var (key, value) in node is JsonObject map ? map.Select(property => (property.Key, property.Value)) : node is JsonArray list ? list.Select(item => ("", item)) : [])
        {
            if (key == "expr")
            {
                foreach (var problem in QueryRules.ProblemsOf($"dashboard {name}", value!.GetValue<string>()))
                {
                    yield return problem;
                }
            }
            else if (key == "datasource" && value is JsonObject && value["uid"]?.GetValue<string>() is not ("prometheus" or "-- Grafana --" or "grafana"))
            {
                yield return $"dashboard {name}: there is no source {value["uid"]}";
            }
            else if (value is not null)
            {
                foreach (var problem in OfDashboard(name, value))
                {
                    yield return problem;
                }
            }
        }
    }

    private static double? Seconds(string duration) => duration.EndsWith('s') && double.TryParse(duration[..^1], CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
