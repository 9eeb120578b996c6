using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What a document names is there: accounts, ConfigMaps, Secrets, keys, claims; and all of it in one namespace.</summary>
internal static class ReferenceRules
{
    /// <summary>Made by another folder, which is applied to the same namespace.</summary>
    private const string Backups = "riskmonitor-backups";

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Pods.SelectMany(pod => OfPod(set, pod)).Concat(OfRoles(set)).Concat(OfNamespaces(set)).Concat(Twice(set));

    private static IEnumerable<string> OfPod(ManifestSet set, PodTemplate pod)
    {
        if (pod.Spec.ServiceAccountName is { } account && set.Find<V1ServiceAccount>(account)?.AutomountServiceAccountToken != false)
        {
            yield return $"{pod.Owner}: account {account} is not there, or gives out tokens";
        }

        foreach (var reference in Named(pod))
        {
            if (reference.Kind == "ConfigMap" && (reference.IsOptional || set.Find<V1ConfigMap>(reference.Name) is not { } map || (reference.Key is { } key && map.Data?.ContainsKey(key) != true)))
            {
                yield return $"{pod.Owner}: there is no ConfigMap {reference.Name}{(reference.Key is null ? "" : $" with a key {reference.Key}")}, or it may be missing";
            }

            // A Secret that may be missing has to be a known one all the same: a wrong name would never be noticed.
            if (reference.Kind == "Secret" && (!SecretRules.Known.ContainsKey(reference.Name) || (reference.Key is { } secretKey && !VolumeRules.IsKey(reference.Name, secretKey))))
            {
                yield return $"{pod.Owner}: there is no Secret {reference.Name}{(reference.Key is null ? "" : $" with a key {reference.Key}")}";
            }
        }

        var claims = (pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>();
        foreach (var claim in claims.Where(claim => claim != Backups && set.Find<V1PersistentVolumeClaim>(claim) is null))
        {
            yield return $"{pod.Owner}: there is no claim {claim}";
        }
    }

    private static IEnumerable<Reference> Named(PodTemplate pod)
    {
        foreach (var container in pod.Containers)
        {
            foreach (var from in container.EnvFrom ?? [])
            {
                yield return from.ConfigMapRef is { } map ? new("ConfigMap", map.Name, map.Optional == true) : new("Secret", from.SecretRef.Name, from.SecretRef.Optional == true);
            }

            foreach (var from in (container.Env ?? []).Select(variable => variable.ValueFrom).OfType<V1EnvVarSource>())
            {
                if (from.ConfigMapKeyRef is { } map)
                {
                    yield return new("ConfigMap", map.Name, map.Optional == true, map.Key);
                }
                else if (from.SecretKeyRef is { } secret)
                {
                    yield return new("Secret", secret.Name, secret.Optional == true, secret.Key);
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
                    yield return new("ConfigMap", map, volume.ConfigMap?.Optional == true);
                }

                if (secret is not null)
                {
                    yield return new("Secret", secret, false);
                }
            }
        }
    }

    /// <summary>An upgrade applies all of a role by its label, before the other roles.</summary>
    private static IEnumerable<string> OfRoles(ManifestSet set)
    {
        const string Component = "app.kubernetes.io/component";
        foreach (var pod in set.Pods.Where(pod => pod.Role is not null))
        {
            var maps = pod.Containers.SelectMany(container => container.EnvFrom ?? []).Select(from => from.ConfigMapRef?.Name).OfType<string>().Select(set.Find<V1ConfigMap>);
            var own = maps.Append<k8s.IKubernetesObject<V1ObjectMeta>?>(pod.Document).Append(set.Find<V1ServiceAccount>(pod.Spec.ServiceAccountName ?? ""));
            foreach (var document in own.OfType<k8s.IKubernetesObject<V1ObjectMeta>>().Where(document => document.Metadata.Labels?.TryGetValue(Component, out var component) != true || component != pod.Role))
            {
                yield return $"{document.Kind} {document.Metadata.Name}: lacks the label {Component}={pod.Role}, by which an upgrade applies it";
            }
        }
    }

    private static IEnumerable<string> OfNamespaces(ManifestSet set)
    {
        var own = set.Of<V1Namespace>().SingleOrDefault();
        var names = set.All.Where(document => document is not V1Namespace).Select(document => document.Metadata.NamespaceProperty).Append(own?.Metadata.Name ?? set.All[0].Metadata.NamespaceProperty).Distinct().ToList();
        if (names.Count > 1)
        {
            yield return $"documents are in several namespaces: {string.Join(", ", names)}";
        }

        if (own is not null && (own.Metadata.Labels?.TryGetValue("pod-security.kubernetes.io/enforce", out var level) != true || level != "restricted"))
        {
            yield return $"Namespace {own.Metadata.Name}: does not enforce the restricted standard of pods";
        }
    }

    private static IEnumerable<string> Twice(ManifestSet set) =>
        set.All.GroupBy(document => $"{document.Kind} {document.Metadata.Name}").Where(group => group.Count() > 1).Select(group => $"{group.Key}: is there twice");

    private sealed record Reference(string Kind, string Name, bool IsOptional, string? Key = null);
}
