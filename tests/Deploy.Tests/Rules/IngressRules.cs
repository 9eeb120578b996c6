using System.Globalization;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>The way in from outside: by TLS, by the name that frontends know, and not to what is for supervisors.</summary>
internal static class IngressRules
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    private static readonly TimeSpan s_listen = TimeSpan.Parse(OptionDefaults.All["Mcp:ListenAtMost"]!, CultureInfo.InvariantCulture);

    private static readonly string[] s_inside = ["/metrics", "/health", "/ready"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Of<V1Ingress>().SelectMany(ingress => OfIngress(set, ingress));

    private static IEnumerable<string> OfIngress(ManifestSet set, V1Ingress ingress)
    {
        foreach (var backend in ingress.Spec.Rules.SelectMany(rule => rule.Http.Paths).Select(path => path.Backend.Service))
        {
            if (set.Find<V1Service>(backend.Name)?.Spec.Ports.Any(port => port.Name == backend.Port.Name || port.Port == backend.Port.Number) != true)
            {
                yield return $"Ingress: there is no port {backend.Port.Name ?? $"{backend.Port.Number}"} of a Service {backend.Name}";
            }
        }

        foreach (var tls in (ingress.Spec.Tls ?? []).Where(tls => !VolumeRules.IsKey(tls.SecretName ?? "", "tls.crt")))
        {
            yield return $"Ingress: there is no Secret {tls.SecretName} with a certificate";
        }

        if (!ingress.Spec.Rules.SelectMany(rule => rule.Http.Paths).Any(path => path is { Path: "/", PathType: "Prefix" } && set.Find<V1Service>(path.Backend.Service.Name)?.Spec.Selector is { Count: > 0 }))
        {
            yield return "Ingress: leaves out a part of the frontend; console, API, MCP and alert pages are below /";
        }

        var notes = new Dictionary<string, string>(ingress.Metadata.Annotations ?? new Dictionary<string, string>());
        if (string.IsNullOrEmpty(ingress.Spec.IngressClassName))
        {
            yield return "Ingress: names no class, so that no controller serves it where none is the default";
        }

        if (notes.GetValueOrDefault(Nginx + "affinity") != "cookie" || !int.TryParse(notes.GetValueOrDefault(Nginx + "proxy-read-timeout"), out var seconds) || seconds <= s_listen.TotalSeconds || notes.GetValueOrDefault(Nginx + "proxy-buffering") != "off")
        {
            yield return $"Ingress: a page of the console changes its frontend, or streams of MCP end before Mcp:ListenAtMost ({s_listen}) or are held back";
        }

        var names = set.Pods.Where(pod => pod.Role == "frontend").Select(pod => RoleOptions.Of(set, pod)).SelectMany(options => new[] { options.Find("Access:PublicUrl") is { Length: > 0 } url ? new Uri(url).Host : "" }
            .Concat((options.Find("Access:AllowedHosts") ?? "").Split(','))).ToHashSet();
        foreach (var rule in ingress.Spec.Rules)
        {
            if (rule.Host is null || !(ingress.Spec.Tls ?? []).Any(tls => tls.Hosts?.Contains(rule.Host) == true))
            {
                yield return $"Ingress: {rule.Host ?? "every name"} is served without TLS";
            }

            if (rule.Host is not null && !names.Contains(rule.Host))
            {
                yield return $"Ingress: frontends do not answer by the name {rule.Host}; give it in Access:PublicUrl or Access:AllowedHosts";
            }

            // An exact path to a Service without pods.
            foreach (var inside in s_inside.Where(inside => rule.Http.Paths.Any(path => path is { Path: "/", PathType: "Prefix" }) && !rule.Http.Paths.Any(path => IsClosed(set, path, inside))))
            {
                yield return $"Ingress: opens {inside}";
            }
        }
    }

    private static bool IsClosed(ManifestSet set, V1HTTPIngressPath path, string inside) =>
        path.Path == inside && path.PathType == "Exact" && set.Find<V1Service>(path.Backend.Service.Name)?.Spec.Selector is null or { Count: 0 };
}
