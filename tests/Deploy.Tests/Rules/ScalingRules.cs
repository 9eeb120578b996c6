using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>How many there are of each, and what the number follows.</summary>
internal static partial class ScalingRules
{
    /// <summary>One that ends must not be the last; where the servers are there once, everything may be.</summary>
    private const int Least = 2;

    private static readonly int s_connections = int.Parse(
        Counted().Match(File.ReadAllText(Path.Combine(ComposeFile.Root, "docs/kubernetes.md"))).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <summary>Calls that a frontend answers at a time, at the most.</summary>
    private static readonly decimal s_inFlight = decimal.Parse(OptionDefaults.All["RateLimit:MostInFlight"]!, CultureInfo.InvariantCulture);

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        var scalers = set.Of<V2HorizontalPodAutoscaler>()
            .Select(scaler => new Scaler(scaler.Metadata.Name, $"{scaler.Spec.ScaleTargetRef.ApiVersion} {scaler.Spec.ScaleTargetRef.Kind}", scaler.Spec.ScaleTargetRef.Name, scaler.Spec.MinReplicas ?? 1, scaler.Spec.MaxReplicas))
            .Concat(set.Of<ScaledObject>().Select(scaler => new Scaler(scaler.Metadata.Name, "apps/v1 Deployment", scaler.Spec.ScaleTargetRef.Name, scaler.Spec.MinReplicaCount, scaler.Spec.MaxReplicaCount)))
            .ToList();
        return Connections(set, scalers).Concat(scalers.SelectMany(scaler => OfScaler(set, scaler)))
            .Concat(OfNumbers(set, scalers))
            .Concat(set.Of<V2HorizontalPodAutoscaler>().SelectMany(OfAutoscaler))
            .Concat(set.Of<ScaledObject>().SelectMany(OfScaledObject));
    }

    /// <summary>What the operator has told MySQL, by docs/kubernetes.md, so that no process is refused when all are there.</summary>
    private static IEnumerable<string> Connections(ManifestSet set, List<Scaler> scalers)
    {
        var most = set.Pods.Where(pod => pod.Role is not null).Sum(pod =>
            (scalers.Where(scaler => scaler.Target == pod.Document.Metadata.Name).Select(scaler => (int?)scaler.Max).Max() ?? (pod.Document as V1Deployment)?.Spec.Replicas ?? 1) * (pod.Role == "silo" ? 50 : 30));
        if (most > s_connections)
        {
            yield return $"processes may open {most} connections, and docs/kubernetes.md has MySQL take {s_connections}";
        }
    }

    private static IEnumerable<string> OfScaler(ManifestSet set, Scaler scaler)
    {
        var deployment = set.Find<V1Deployment>(scaler.Target);
        if (deployment is null || scaler.Kind != "apps/v1 Deployment")
        {
            yield return $"autoscaler {scaler.Name}: there is no Deployment {scaler.Target}, or it names another kind";
        }

        if (deployment?.Spec.Replicas is not null)
        {
            yield return $"autoscaler {scaler.Name}: Deployment {scaler.Target} sets replicas too, and each apply would take back what was scaled";
        }

        if (scaler.Min < Least || scaler.Max < scaler.Min)
        {
            yield return $"autoscaler {scaler.Name}: scales from {scaler.Min} to {scaler.Max}";
        }
    }

    private static IEnumerable<string> OfNumbers(ManifestSet set, List<Scaler> scalers)
    {
        foreach (var twice in scalers.GroupBy(scaler => scaler.Target).Where(group => group.Count() > 1))
        {
            yield return $"Deployment {twice.Key}: {twice.Count()} autoscalers change its number";
        }

        var isTrial = set.Of<V1StatefulSet>().Any();
        foreach (var pod in set.Pods.Where(pod => pod.Role is not null && scalers.TrueForAll(scaler => scaler.Target != pod.Document.Metadata.Name)))
        {
            if (!isTrial && ((pod.Document as V1Deployment)?.Spec.Replicas ?? 1) < Least)
            {
                yield return $"{pod.Owner}: runs once, and nothing scales it";
            }
        }
    }

    private static IEnumerable<string> OfAutoscaler(V2HorizontalPodAutoscaler scaler)
    {
        var name = $"autoscaler {scaler.Metadata.Name}";
        var followed = (scaler.Spec.Metrics ?? []).Select(metric => metric.Resource?.Name ?? metric.Pods?.Metric.Name ?? "").ToList();
        if (!followed.Contains("cpu"))
        {
            yield return $"{name}: does not follow the processor";
        }

        foreach (var metric in scaler.Spec.Metrics ?? [])
        {
            if (metric.Resource is { } resource && (resource.Name is not ("cpu" or "memory") || resource.Target is not { Type: "Utilization", AverageUtilization: >= 10 and <= 95 }))
            {
                yield return $"{name}: follows {resource.Name} to {resource.Target?.AverageUtilization} %, which comes never or too late";
            }

            if (metric.Pods is { } pods)
            {
                if (pods.Metric.Name == "riskmonitor_calls_in_flight" && !(pods.Target.AverageValue?.ToDecimal() is > 0 and var calls && calls <= s_inFlight / 2))
                {
                    yield return $"{name}: another frontend comes after those that run refuse calls; they answer {s_inFlight} at a time";
                }

                foreach (var problem in QueryRules.ProblemsOf(name, pods.Metric.Name))
                {
                    yield return problem;
                }
            }

            if (metric.Resource is null && metric.Pods is null)
            {
                yield return $"{name}: follows {metric.Type}, which is not looked after here";
            }
        }

        var down = scaler.Spec.Behavior?.ScaleDown;
        if (scaler.Spec.ScaleTargetRef.Name == "riskmonitor-silo" && (down?.StabilizationWindowSeconds is not >= 1800 || down.Policies?.Any(policy => policy is { Type: "Pods", Value: 1, PeriodSeconds: >= 600 }) != true || down.Policies.Count != 1))
        {
            yield return $"{name}: shrinks after less than half an hour, or by several at once, and each time desks move";
        }
    }

    private static IEnumerable<string> OfScaledObject(ScaledObject scaler)
    {
        var name = $"autoscaler {scaler.Metadata.Name}";
        if (scaler.Spec.Triggers.Count == 0)
        {
            yield return $"{name}: follows nothing";
        }

        foreach (var trigger in scaler.Spec.Triggers)
        {
            if (trigger.Type != "prometheus" || !Uri.TryCreate(trigger.Metadata.GetValueOrDefault("serverAddress"), UriKind.Absolute, out var server) || !server.Host.EndsWith(".monitoring.svc", StringComparison.Ordinal))
            {
                yield return $"{name}: asks no Prometheus of the namespace monitoring";
            }

            if (!(trigger.Metadata.GetValueOrDefault("query") ?? "").StartsWith("sum(riskmonitor_cdc_partition_lag", StringComparison.Ordinal))
            {
                yield return $"{name}: does not follow the lag of all partitions";
            }

            if (!double.TryParse(trigger.Metadata.GetValueOrDefault("threshold"), CultureInfo.InvariantCulture, out var threshold) || threshold < 100)
            {
                yield return $"{name}: has no threshold, or adds a pod for changes that are done within the second";
            }

            foreach (var problem in QueryRules.ProblemsOf(name, trigger.Metadata.GetValueOrDefault("query") ?? ""))
            {
                yield return problem;
            }
        }

        if (scaler.Spec.PollingInterval is < 5 or > 60)
        {
            yield return $"{name}: looks each {scaler.Spec.PollingInterval} s; between 5 and 60 are right";
        }

        if (scaler.Spec.Advanced?.HorizontalPodAutoscalerConfig.Behavior.ScaleDown?.StabilizationWindowSeconds is not >= 300)
        {
            yield return $"{name}: shrinks after less than five minutes, and each time partitions change hands";
        }

        if (scaler.Spec.Fallback is not { } fallback || fallback.Replicas < scaler.Spec.MinReplicaCount || fallback.Replicas > scaler.Spec.MaxReplicaCount)
        {
            yield return $"{name}: has no number of pods while Prometheus does not answer";
        }
    }

    [GeneratedRegex(@"Connections \(`max_connections`\):[^\n]*?: ([\d,]+) where")]
    private static partial Regex Counted();

    private sealed record Scaler(string Name, string Kind, string Target, int Min, int Max);
}
