using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What every pod asks of its node, and what it may take.</summary>
internal static class ResourceRules
{
    /// <summary>The part of its limit by which the number of processes is planned (deploy/k8s/size).</summary>
    private const decimal Planned = 2m / 3;

    /// <summary>A process of the product has taken 160 MB when it has started; deploy/k8s/size says nothing below this.</summary>
    private const decimal LeastLimit = 512 * 1024 * 1024;

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Pods.SelectMany(pod => pod.Containers.SelectMany(container => OfContainer(pod, container)).Concat(OfVolumes(pod)));

    private static IEnumerable<string> OfContainer(PodTemplate pod, V1Container container)
    {
        var name = $"{pod.Owner}, container {container.Name}";
        var (requests, limits) = (container.Resources?.Requests ?? new Dictionary<string, ResourceQuantity>(), container.Resources?.Limits ?? new Dictionary<string, ResourceQuantity>());
        foreach (var resource in (string[])["cpu", "memory"])
        {
            if (!requests.TryGetValue(resource, out var requested) || requested.ToDecimal() <= 0)
            {
                yield return $"{name}: requests no {resource}";
            }
        }

        foreach (var resource in requests.Keys.Concat(limits.Keys).Where(resource => resource is not ("cpu" or "memory" or "ephemeral-storage")))
        {
            yield return $"{name}: there is no resource {resource}";
        }

        if (!limits.TryGetValue("memory", out var most))
        {
            yield return $"{name}: has no limit of memory";
            yield break;
        }

        var least = requests.TryGetValue("memory", out var memory) ? memory.ToDecimal() : 0;
        if (least > most.ToDecimal())
        {
            yield return $"{name}: requests more memory than its limit";
        }

        if (pod.Role is null)
        {
            yield break;
        }

        if (least < most.ToDecimal() * Planned * 0.99m)
        {
            yield return $"{name}: requests less memory than two thirds of its limit, by which the number of processes is planned";
        }

        if (most.ToDecimal() < LeastLimit)
        {
            yield return $"{name}: may take less memory than a process needs";
        }

        if (limits.ContainsKey("cpu"))
        {
            yield return $"{name}: has a limit of processor; a process that is held back looks dead to the silos";
        }
    }

    private static IEnumerable<string> OfVolumes(PodTemplate pod)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(volume => volume.EmptyDir is not null && !(volume.EmptyDir.SizeLimit?.ToDecimal() > 0)))
        {
            yield return $"{pod.Owner}: volume {volume.Name} may fill its node; set sizeLimit";
        }

        if (pod.Containers.Any(PodRules.IsOurs) && pod.VolumeAt("/tmp")?.EmptyDir is null)
        {
            yield return $"{pod.Owner}: has no /tmp to write to";
        }
    }
}
