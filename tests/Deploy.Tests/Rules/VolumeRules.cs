using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What pods mount: each role its secrets, and nobody more than it needs.</summary>
internal static class VolumeRules
{
    /// <summary>Without these no process of the product starts; all others may be left out.</summary>
    private static readonly string[] s_needed = ["riskmonitor-mysql", "riskmonitor-tls"];

    private static readonly string[] s_tls = ["Orleans:Tls:CertificatePath", "Orleans:Tls:KeyPath", "Orleans:Tls:CaPath"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Pods.SelectMany(pod => OfMounts(pod).Concat(OfClaims(pod)).Concat(OfSecrets(pod)).Concat(OfScripts(set, pod)).Concat(OfRole(set, pod)));

    private static IEnumerable<string> OfMounts(PodTemplate pod)
    {
        var claims = (pod.Document as V1StatefulSet)?.Spec.VolumeClaimTemplates?.Select(claim => claim.Metadata.Name) ?? [];
        var names = (pod.Spec.Volumes ?? []).Select(volume => volume.Name).Concat(claims).ToList();
        var mounts = pod.Containers.SelectMany(container => container.VolumeMounts ?? []).ToList();
        foreach (var mount in mounts.Where(mount => !names.Contains(mount.Name)))
        {
            yield return $"{pod.Owner}: mounts {mount.Name}, which is no volume of it";
        }

        foreach (var name in names.Where(name => mounts.All(mount => mount.Name != name)))
        {
            yield return $"{pod.Owner}: mounts its volume {name} nowhere";
        }

        foreach (var twice in Twice(names).Concat(pod.Containers.SelectMany(container => Twice((container.VolumeMounts ?? []).Select(mount => mount.MountPath)))))
        {
            yield return $"{pod.Owner}: has {twice} twice";
        }
    }

    /// <summary>MySQL initializes an empty directory alone; a broker takes every directory in its own for a partition, and is told one below.</summary>
    private static IEnumerable<string> OfClaims(PodTemplate pod)
    {
        foreach (var mount in pod.Containers.SelectMany(container => container.VolumeMounts ?? []).Where(mount => mount.Name == "data" && pod.Document is V1StatefulSet && mount.SubPath is not { Length: > 0 }))
        {
            if (!pod.Containers.SelectMany(container => container.Env ?? []).Any(variable => variable.Value?.StartsWith(mount.MountPath + "/", StringComparison.Ordinal) == true))
            {
                yield return $"{pod.Owner}: writes to {mount.MountPath} itself, and a new file system is not empty (lost+found); set subPath";
            }
        }
    }

    private static IEnumerable<string> OfSecrets(PodTemplate pod)
    {
        foreach (var volume in (pod.Spec.Volumes ?? []).Where(volume => volume.Secret is not null || volume.Projected is not null))
        {
            if ((volume.Secret?.DefaultMode ?? volume.Projected?.DefaultMode ?? 0b110_100_100) is var mode && (mode & 0b000_011_111) != 0)
            {
                yield return $"{pod.Owner}: others than its account may read volume {volume.Name}; set defaultMode: 0440";
            }

            if (pod.Containers.SelectMany(container => container.VolumeMounts ?? []).Any(mount => mount.Name == volume.Name && mount.ReadOnlyProperty != true))
            {
                yield return $"{pod.Owner}: mounts volume {volume.Name} to write to it; set readOnly: true";
            }

            var items = (volume.Projected?.Sources ?? []).Select(source => (source.Secret?.Name, source.Secret?.Items)).Append((volume.Secret?.SecretName, volume.Secret?.Items));
            foreach (var (secret, key) in items.SelectMany(source => (source.Item2 ?? []).Select(item => (source.Item1, item.Key))).Where(item => item.Item1 is null || !IsKey(item.Item1, item.Key)))
            {
                yield return $"{pod.Owner}: Secret {secret} has no key {key}";
            }
        }
    }

    /// <summary>Whether an operator makes the Secret with that key: docs/kubernetes.md lists both.</summary>
    public static bool IsKey(string secret, string key) => SecretRules.Known.TryGetValue(secret, out var keys) && keys.Contains(key);

    /// <summary>A file of a ConfigMap that a command names.</summary>
    private static IEnumerable<string> OfScripts(ManifestSet set, PodTemplate pod)
    {
        foreach (var path in pod.Containers.SelectMany(container => (container.Command ?? []).Concat(container.Args ?? [])).Select(argument => argument.TrimStart('@')).Where(argument => argument.StartsWith('/')))
        {
            if (pod.VolumeAt(path) is { ConfigMap.Name: { } map } && set.Find<V1ConfigMap>(map)?.Data?.ContainsKey(Path.GetFileName(path)) != true)
            {
                yield return $"{pod.Owner}: runs {path}, which ConfigMap {map} does not have";
            }

            if (pod.VolumeAt(path) is { Secret.SecretName: { } secret } && !IsKey(secret, Path.GetFileName(path)))
            {
                yield return $"{pod.Owner}: reads {path}, which Secret {secret} does not have";
            }
        }
    }

    private static IEnumerable<string> OfRole(ManifestSet set, PodTemplate pod)
    {
        if (pod.Role is not { } role)
        {
            yield break;
        }

        var options = RoleOptions.Of(set, pod);
        foreach (var path in s_tls.Select(options.Find).OfType<string>())
        {
            if (pod.VolumeAt(path)?.Secret is not { Optional: not true, SecretName: { } secret } || !s_needed.Contains(secret) || !IsKey(secret, Path.GetFileName(path)))
            {
                yield return $"{pod.Owner}: no Secret that is always there has {path}";
            }
        }

        var sources = (pod.VolumeAt(options.Find("Secrets") ?? "")?.Projected?.Sources ?? []).Select(source => source.Secret).OfType<V1SecretProjection>().ToList();
        foreach (var (secret, keys) in SecretRules.Known.Where(known => known.Value.Any(key => SecretKeys.IsSecret(SecretKeys.KeyOf(key)) && RoleKeys.IsRead(role, SecretKeys.KeyOf(key)))))
        {
            if (sources.SingleOrDefault(source => source.Name == secret) is not { } source)
            {
                yield return $"{pod.Owner}: reads {SecretKeys.KeyOf(keys[0])} and does not mount Secret {secret}";
            }
            else if (source.Optional == true == s_needed.Contains(secret))
            {
                yield return $"{pod.Owner}: Secret {secret} {(source.Optional == true ? "has to be there" : "may be left out; set optional: true")}";
            }
        }

        foreach (var source in sources.Where(source => !SecretRules.Known.TryGetValue(source.Name, out var keys) || !keys.Any(key => RoleKeys.IsRead(role, SecretKeys.KeyOf(key)))))
        {
            yield return $"{pod.Owner}: mounts Secret {source.Name}, of which the {role} reads nothing";
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);
}
