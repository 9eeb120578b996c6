using k8s;
using k8s.Models;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>The documents of one namespace, each read strictly: a field that the API does not know is an error.</summary>
internal sealed class ManifestSet
{
    private static readonly Dictionary<string, Type> s_extensions = new(StringComparer.Ordinal)
    {
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["cert-manager.io/v1/Issuer"] = typeof(CertificateIssuer),
        ["cert-manager.io/v1/Certificate"] = typeof(IssuedCertificate),
    };

    private ManifestSet(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> all)
    {
        All = all;
        Pods = [.. all.Select(PodTemplate.Of).OfType<PodTemplate>()];
    }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All { get; }

    /// <summary>The pods that the documents make.</summary>
    public IReadOnlyList<PodTemplate> Pods { get; }

    /// <exception cref="YamlDotNet.Core.YamlException">A document has a field or a value that the API server refuses.</exception>
    public static ManifestSet Parse(string yaml)
    {
        TextScalars.Check(yaml);
        return new([.. KubernetesYaml.LoadAllFromString(yaml, s_extensions, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);
    }

    public IEnumerable<T> Of<T>() => All.OfType<T>();

    public T? Find<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta> => Of<T>().SingleOrDefault(document => document.Metadata.Name == name);

    public IEnumerable<PodTemplate> Select(V1LabelSelector? selector) => Pods.Where(pod => Matches(selector, pod.Labels));

    /// <summary>As the API server reads a selector; an empty one selects everything.</summary>
    public static bool Matches(V1LabelSelector? selector, IDictionary<string, string> labels) =>
        (selector?.MatchLabels ?? new Dictionary<string, string>()).All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && (selector?.MatchExpressions ?? []).All(expression => expression.OperatorProperty switch
        {
            "In" => labels.TryGetValue(expression.Key, out var value) && expression.Values.Contains(value),
            "NotIn" => !labels.TryGetValue(expression.Key, out var value) || !expression.Values.Contains(value),
            "Exists" => labels.ContainsKey(expression.Key),
            "DoesNotExist" => !labels.ContainsKey(expression.Key),
            _ => throw new InvalidOperationException($"there is no operator {expression.OperatorProperty}"),
        });
}
