using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What every pod may do.</summary>
internal static partial class PodRules
{
    /// <summary>Images of others that write beside their volumes; they are servers of the trial.</summary>
    private static readonly string[] s_writers = ["mysql", "kafka", "connect"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var problem in set.Pods.SelectMany(pod => OfPod(pod).Concat(pod.Containers.SelectMany(container => OfContainer(pod, container)))))
        {
            yield return problem;
        }

        // Nothing of ours asks the API server, so nobody gets rights there.
        foreach (var document in set.All.Where(document => document.Kind is "Role" or "RoleBinding" or "ClusterRole" or "ClusterRoleBinding"))
        {
            yield return $"{document.Kind} {document.Metadata.Name}: gives rights at the API server, which nothing of ours asks";
        }

        var images = set.Pods.SelectMany(pod => pod.Containers).Where(IsOurs).Select(container => container.Image).Distinct().ToList();
        if (images.Count > 1)
        {
            yield return $"images {string.Join(" and ", images)}: one version runs at a time";
        }
    }

    /// <summary>By the image's name, whatever registry it comes from.</summary>
    public static bool IsOurs(V1Container container) => container.Image.Split('@')[0].Split(':')[0].Split('/')[^1] == "riskmonitor";

    private static IEnumerable<string> OfPod(PodTemplate pod)
    {
        var security = pod.Spec.SecurityContext;
        if (security is not { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0, FsGroup: null or > 0 } || security.SupplementalGroups?.Contains(0) == true)
        {
            yield return $"{pod.Owner}: runs as root; set runAsNonRoot, and runAsUser and runAsGroup by number";
        }

        if (security?.SeccompProfile?.Type != "RuntimeDefault")
        {
            yield return $"{pod.Owner}: has no seccomp profile RuntimeDefault";
        }

        if (pod.Spec.AutomountServiceAccountToken != false || (pod.Spec.Volumes ?? []).Any(volume => volume.Projected?.Sources.Any(source => source.ServiceAccountToken is not null) == true))
        {
            yield return $"{pod.Owner}: mounts a token of its account; nothing of ours asks the API server";
        }

        if (pod.Spec.EnableServiceLinks != false)
        {
            yield return $"{pod.Owner}: has variables of services, which images read as their options; set enableServiceLinks: false";
        }

        if (pod.Role is { } role && pod.Spec.ServiceAccountName != $"riskmonitor-{role}")
        {
            yield return $"{pod.Owner}: runs as account {pod.Spec.ServiceAccountName ?? "default"}; its own is riskmonitor-{role}";
        }

        if (pod.Spec.NodeName is not null || pod.Spec.PriorityClassName?.StartsWith("system-", StringComparison.Ordinal) == true || (pod.IsService && pod.Spec.RestartPolicy is not (null or "Always")) || pod.Spec.DnsPolicy == "None")
        {
            yield return $"{pod.Owner}: is bound to a node, goes before the cluster's own pods, is not started again, or resolves no names";
        }

        var reaches = pod.Spec.HostNetwork == true || pod.Spec.HostPID == true || pod.Spec.HostIPC == true || pod.Spec.ShareProcessNamespace == true || security?.Sysctls is { Count: > 0 }
            || (pod.Spec.Volumes ?? []).Any(volume => volume.HostPath is not null) || pod.Containers.SelectMany(container => container.Ports ?? []).Any(port => port.HostPort is not null);
        if (reaches)
        {
            yield return $"{pod.Owner}: reaches into its node";
        }
    }

    private static IEnumerable<string> OfContainer(PodTemplate pod, V1Container container)
    {
        var name = $"{pod.Owner}, container {container.Name}";
        var security = container.SecurityContext;
        if (security is { RunAsNonRoot: false } or { RunAsUser: 0 } or { RunAsGroup: 0 })
        {
            yield return $"{name}: runs as root, against what its pod says";
        }

        if (security?.SeccompProfile is { Type: not "RuntimeDefault" })
        {
            yield return $"{name}: has another seccomp profile than RuntimeDefault";
        }

        if (security?.AllowPrivilegeEscalation != false || security.Privileged == true || security.ProcMount is not null)
        {
            yield return $"{name}: may get more rights; set allowPrivilegeEscalation: false";
        }

        if (security?.Capabilities?.Drop?.Contains("ALL") != true || security.Capabilities.Add is { Count: > 0 })
        {
            yield return $"{name}: has capabilities; drop ALL and add none";
        }

        if (security?.ReadOnlyRootFilesystem != true && !s_writers.Contains(container.Name))
        {
            yield return $"{name}: can write to its image; set readOnlyRootFilesystem: true";
        }

        if (IsOurs(container) && container.Command is { Count: > 0 })
        {
            yield return $"{name}: has a command instead of arguments, so the image's own program does not run";
        }

        if (container.ImagePullPolicy == "Never")
        {
            yield return $"{name}: runs only where somebody has brought its image to the node";
        }

        if (container.Lifecycle is not null)
        {
            yield return $"{name}: has a hook, whose time the stop would lack; DrainDelay is the pause before a stop";
        }

        if (!FixedImage().IsMatch(container.Image) || container.Image.EndsWith(":latest", StringComparison.Ordinal))
        {
            yield return $"{name}: image {container.Image} has no fixed version";
        }
    }

    /// <summary>With a version or a digest; a whole one, because a part of it is refused only by the node.</summary>
    [GeneratedRegex("^[a-z0-9._/:-]*[a-z0-9](:[A-Za-z0-9][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex FixedImage();
}
