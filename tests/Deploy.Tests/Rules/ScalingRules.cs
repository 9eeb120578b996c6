using System.Globalization;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>How many there are of each, and what the number follows.</summary>
internal static class ScalingRules
{
    /// <summary>One that ends must not be the last; where the servers are there once, everything may be.</summary>
    private const int Least = 2;

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        var scalers = set.Of<V2HorizontalPodAutoscaler>()
            .Select(scaler => new Scaler(scaler.Metadata.Name, $"{scaler.Spec.ScaleTargetRef.ApiVersion} {scaler.Spec.ScaleTargetRef.Kind}", scaler.Spec.ScaleTargetRef.Name, scaler.Spec.MinReplicas ?? 1, scaler.Spec.MaxReplicas))
            .Concat(set.Of<ScaledObject>().Select(scaler => new Scaler(scaler.Metadata.Name, "apps/v1 Deployment", scaler.Spec.ScaleTargetRef.Name, scaler.Spec.MinReplicaCount, scaler.Spec.MaxReplicaCount)))
            .ToList();
        return scalers.SelectMany(scaler => OfScaler(set, scaler))
            .Concat(OfNumbers(set, scalers))
            .Concat(set.Of<V2HorizontalPodAutoscaler>().SelectMany(OfAutoscaler))
            .Concat(set.Of<ScaledObject>().SelectMany(OfScaledObject));
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

            if (!double.TryParse(trigger.Metadata.GetValueOrDefault("threshold"), CultureInfo.InvariantCulture, out var threshold) || threshold <= 0)
            {
                yield return $"{name}: has no threshold";
            }

            foreach (var problem in QueryRules.ProblemsOf(name, trigger.Metadata.GetValueOrDefault("query") ?? ""))
            {
                yield return problem;
            }
        }

        if (scaler.Spec.Fallback is not { } fallback || fallback.Replicas < scaler.Spec.MinReplicaCount || fallback.Replicas > scaler.Spec.MaxReplicaCount)
        {
            yield return $"{name}: has no number of pods while Prometheus does not answer";
        }
    }

    private sealed record Scaler(string Name, string Kind, string Target, int Min, int Max);
}
