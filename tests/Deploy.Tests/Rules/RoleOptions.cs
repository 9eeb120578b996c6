using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>The options that a pod of ours gets, from its ConfigMaps and its own variables.</summary>
internal sealed class RoleOptions
{
    private const string Prefix = "RiskMonitor__";

    private readonly Dictionary<string, string> _values;

    private RoleOptions(Dictionary<string, string> values) => _values = values;

    /// <summary>By key. What only the cluster knows, such as the pod's address, is an example.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    public static RoleOptions Of(ManifestSet set, PodTemplate pod)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var container in pod.Containers)
        {
            var fromMaps = (container.EnvFrom ?? []).Select(from => from.ConfigMapRef?.Name).OfType<string>().SelectMany(name => set.Find<V1ConfigMap>(name)?.Data ?? new Dictionary<string, string>());
            var own = (container.Env ?? []).Select(variable => KeyValuePair.Create(variable.Name, variable.Value ?? (variable.ValueFrom?.FieldRef is null ? "" : "10.0.0.1")));
            foreach (var (name, value) in fromMaps.Concat(own).Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)))
            {
                values[SecretKeys.KeyOf(name)] = value;
            }
        }

        return new RoleOptions(values);
    }

    public string? Find(string key) => _values.GetValueOrDefault(key);
}
