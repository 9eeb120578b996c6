using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What a document names is there: accounts, ConfigMaps, Secrets, ports, pods behind services and autoscalers.</summary>
internal static class ReferenceRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set) =>
        set.Pods.SelectMany(pod => OfPod(set, pod)).Concat(OfServices(set)).Concat(OfScaling(set)).Concat(OfMonitoring(set)).Concat(Twice(set));

    private static IEnumerable<string> OfPod(ManifestSet set, PodTemplate pod)
    {
        if (pod.Selector is not null && !ManifestSet.Matches(pod.Selector, pod.Labels))
        {
            yield return $"{pod.Owner}: its selector does not match its own pods";
        }

        if (pod.Spec.ServiceAccountName is { } account && set.Find<V1ServiceAccount>(account)?.AutomountServiceAccountToken != false)
        {
            yield return $"{pod.Owner}: account {account} is not there, or gives out tokens";
        }

        foreach (var (kind, name, isOptional) in Named(pod))
        {
            if (kind == "ConfigMap" ? set.Find<V1ConfigMap>(name) is null : !isOptional && !SecretRules.Known.ContainsKey(name))
            {
                yield return $"{pod.Owner}: there is no {kind} {name}";
            }
        }

        var claims = (pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>();
        foreach (var claim in claims.Where(claim => claim != "riskmonitor-backups" && set.Find<V1PersistentVolumeClaim>(claim) is null))
        {
            yield return $"{pod.Owner}: there is no claim {claim}";
        }

        var volumes = (pod.Spec.Volumes ?? []).Select(volume => volume.Name).Concat((pod.Document as V1StatefulSet)?.Spec.VolumeClaimTemplates?.Select(claim => claim.Metadata.Name) ?? []).ToHashSet();
        foreach (var mount in pod.Spec.Containers.SelectMany(container => container.VolumeMounts ?? []).Where(mount => !volumes.Contains(mount.Name)))
        {
            yield return $"{pod.Owner}: mounts {mount.Name}, which is no volume of it";
        }
    }

    private static IEnumerable<(string Kind, string Name, bool IsOptional)> Named(PodTemplate pod)
    {
        foreach (var container in pod.Spec.Containers)
        {
            foreach (var from in container.EnvFrom ?? [])
            {
                yield return from.ConfigMapRef is { } map ? ("ConfigMap", map.Name, map.Optional == true) : ("Secret", from.SecretRef.Name, from.SecretRef.Optional == true);
            }

            foreach (var from in (container.Env ?? []).Select(variable => variable.ValueFrom).OfType<V1EnvVarSource>())
            {
                if (from.ConfigMapKeyRef is { } map)
                {
                    yield return ("ConfigMap", map.Name, map.Optional == true);
                }
                else if (from.SecretKeyRef is { } secret)
                {
                    yield return ("Secret", secret.Name, secret.Optional == true);
                }
            }
        }

        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            var sources = (volume.Projected?.Sources ?? []).Select(source => (source.ConfigMap?.Name, Secret: source.Secret?.Name)).Append((volume.ConfigMap?.Name, Secret: volume.Secret?.SecretName));
            foreach (var (map, secret) in sources)
            {
                if (map is not null)
                {
                    yield return ("ConfigMap", map, false);
                }

                // A Secret that may be missing has to be a known one all the same: a wrong name would never be noticed.
                if (secret is not null)
                {
                    yield return ("Secret", secret, false);
                }
            }
        }
    }

    private static IEnumerable<string> OfServices(ManifestSet set)
    {
        foreach (var service in set.Of<V1Service>().Where(service => service.Spec.Selector is { Count: > 0 }))
        {
            var pods = set.Select(new V1LabelSelector { MatchLabels = service.Spec.Selector }).Where(pod => pod.IsService).ToList();
            if (pods.Count == 0)
            {
                yield return $"Service {service.Metadata.Name}: selects no pod";
            }

            foreach (var port in service.Spec.Ports.Where(port => pods.Any(pod => pod.Port(port.TargetPort ?? port.Port) is null)))
            {
                yield return $"Service {service.Metadata.Name}: leads to port {port.TargetPort?.Value ?? port.Port.ToString(null, null)}, which its pods do not have";
            }
        }

        var backends = set.Of<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).SelectMany(rule => rule.Http.Paths).Select(path => path.Backend.Service);
        foreach (var backend in backends)
        {
            if (set.Find<V1Service>(backend.Name)?.Spec.Ports.Any(port => port.Name == backend.Port.Name || port.Port == backend.Port.Number) != true)
            {
                yield return $"Ingress: there is no port {backend.Port.Name ?? $"{backend.Port.Number}"} of a Service {backend.Name}";
            }
        }

        // What is inside stays inside: an exact path to a Service without pods.
        foreach (var rule in set.Of<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).Where(rule => rule.Http.Paths.Any(path => path is { Path: "/", PathType: "Prefix" })))
        {
            foreach (var inside in ((string[])["/metrics", "/health", "/ready"]).Where(inside => !rule.Http.Paths.Any(path =>
                path.Path == inside && path.PathType == "Exact" && set.Find<V1Service>(path.Backend.Service.Name)?.Spec.Selector is null or { Count: 0 })))
            {
                yield return $"Ingress: opens {inside}";
            }
        }
    }

    private static IEnumerable<string> OfScaling(ManifestSet set)
    {
        var targets = set.Of<V2HorizontalPodAutoscaler>().Select(scaler => (scaler.Metadata.Name, Target: scaler.Spec.ScaleTargetRef.Name, Min: scaler.Spec.MinReplicas ?? 1, Max: scaler.Spec.MaxReplicas))
            .Concat(set.Of<ScaledObject>().Select(scaler => (scaler.Metadata.Name, Target: scaler.Spec.ScaleTargetRef.Name, Min: scaler.Spec.MinReplicaCount, Max: scaler.Spec.MaxReplicaCount)));
        foreach (var (name, target, min, max) in targets)
        {
            if (set.Find<V1Deployment>(target) is not { } deployment)
            {
                yield return $"autoscaler {name}: there is no Deployment {target}";
            }
            else if (deployment.Spec.Replicas is not null)
            {
                yield return $"autoscaler {name}: Deployment {target} sets replicas too, and each apply would take back what was scaled";
            }

            if (min < 1 || max < min)
            {
                yield return $"autoscaler {name}: scales from {min} to {max}";
            }
        }

        if (set.Of<V2HorizontalPodAutoscaler>().SingleOrDefault(scaler => scaler.Spec.ScaleTargetRef.Name == "riskmonitor-silo") is { } silos && !((silos.Spec.Behavior?.ScaleDown?.StabilizationWindowSeconds ?? 0) >= 1800))
        {
            yield return "autoscaler riskmonitor-silo: shrinks after less than half an hour, and each time desks move";
        }
    }

    private static IEnumerable<string> OfMonitoring(ManifestSet set)
    {
        foreach (var monitor in set.Of<PodMonitor>())
        {
            var pods = set.Select(monitor.Spec.Selector).ToList();
            foreach (var role in (string[])["silo", "ingest", "frontend"])
            {
                if (pods.All(pod => pod.Role != role))
                {
                    yield return $"PodMonitor {monitor.Metadata.Name}: does not scrape the {role}s";
                }
            }

            foreach (var port in monitor.Spec.PodMetricsEndpoints.Select(endpoint => endpoint.Port).Where(port => pods.Any(pod => pod.Port(port) is null)))
            {
                yield return $"PodMonitor {monitor.Metadata.Name}: scrapes port {port}, which its pods do not have";
            }
        }
    }

    private static IEnumerable<string> Twice(ManifestSet set) =>
        set.All.GroupBy(document => $"{document.Kind} {document.Metadata.Name}").Where(group => group.Count() > 1).Select(group => $"{group.Key}: is there twice");
}
