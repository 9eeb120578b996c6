using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What every pod may do, and what it may take.</summary>
internal static class PodRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Pods.SelectMany(ProblemsOf);

    private static IEnumerable<string> ProblemsOf(PodTemplate pod)
    {
        var security = pod.Spec.SecurityContext;
        if (security is not { RunAsNonRoot: true, RunAsUser: > 0 })
        {
            yield return $"{pod.Owner}: runs as root; set runAsNonRoot and a runAsUser by number";
        }

        if (security?.SeccompProfile?.Type != "RuntimeDefault")
        {
            yield return $"{pod.Owner}: has no seccomp profile RuntimeDefault";
        }

        if (pod.Spec.AutomountServiceAccountToken != false)
        {
            yield return $"{pod.Owner}: mounts a token of its account; nothing of ours asks the API server";
        }

        if (pod.Spec.EnableServiceLinks != false)
        {
            yield return $"{pod.Owner}: has variables of services, which images read as their options; set enableServiceLinks: false";
        }

        if (pod.Spec.HostNetwork == true || pod.Spec.HostPID == true || pod.Spec.HostIPC == true || (pod.Spec.Volumes ?? []).Any(volume => volume.HostPath is not null))
        {
            yield return $"{pod.Owner}: reaches into its node";
        }

        foreach (var problem in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).SelectMany(container => ProblemsOf(pod, container)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> ProblemsOf(PodTemplate pod, V1Container container)
    {
        var name = $"{pod.Owner}, container {container.Name}";
        var security = container.SecurityContext;
        if (security?.AllowPrivilegeEscalation != false || security.Privileged == true)
        {
            yield return $"{name}: may get more rights; set allowPrivilegeEscalation: false";
        }

        if (security?.Capabilities?.Drop?.Contains("ALL") != true || security.Capabilities.Add is { Count: > 0 })
        {
            yield return $"{name}: has capabilities; drop ALL and add none";
        }

        if (IsOurs(container) && security?.ReadOnlyRootFilesystem != true)
        {
            yield return $"{name}: can write to its image; set readOnlyRootFilesystem: true";
        }

        var (requests, limits) = (container.Resources?.Requests ?? new Dictionary<string, ResourceQuantity>(), container.Resources?.Limits ?? new Dictionary<string, ResourceQuantity>());
        foreach (var resource in (string[])["cpu", "memory"])
        {
            if (!requests.ContainsKey(resource))
            {
                yield return $"{name}: requests no {resource}";
            }
        }

        if (!limits.TryGetValue("memory", out var most))
        {
            yield return $"{name}: has no limit of memory";
        }
        else if (requests.TryGetValue("memory", out var requested) && requested.ToDecimal() > most.ToDecimal())
        {
            yield return $"{name}: requests more memory than its limit";
        }

        var image = container.Image.Split('@')[0];
        if (!container.Image.Contains("@sha256:", StringComparison.Ordinal) && (image.LastIndexOf(':') <= image.LastIndexOf('/') || image.EndsWith(":latest", StringComparison.Ordinal)))
        {
            yield return $"{name}: image {container.Image} has no fixed version";
        }
    }

    /// <summary>By the image's name, whatever registry it comes from.</summary>
    public static bool IsOurs(V1Container container) => container.Image.Split('@')[0].Split(':')[0].Split('/')[^1] == "riskmonitor";
}
