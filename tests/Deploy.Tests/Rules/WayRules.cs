using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Both ends of every connection that the product makes allow it.</summary>
internal static partial class WayRules
{
    private const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>Options that name the product itself, as others ask for it.</summary>
    private static readonly string[] s_ownAddresses = ["Access:PublicUrl", "Links:PublicUrl", "Access:AllowedOrigins"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        var network = new Network(set);
        return Members(set, network).Concat(set.Pods.SelectMany(pod => OfPod(set, network, pod))).Concat(set.Pods.SelectMany(pod => OfAddresses(set, network, pod)));
    }

    private static IEnumerable<string> Members(ManifestSet set, Network network)
    {
        (string From, string To, string Port)[] ways = [("silo", "silo", "silo"), ("ingest", "silo", "gateway"), ("frontend", "silo", "gateway")];
        foreach (var (from, to, port) in ways)
        {
            if (set.Pods.FirstOrDefault(pod => pod.Role == from) is not { } source || set.Pods.FirstOrDefault(pod => pod.Role == to) is not { } target)
            {
                yield return $"there is no {from} or no {to}";
            }
            else if (target.Port(port) is not { } open || !network.Reaches(source, target, open))
            {
                yield return $"NetworkPolicy: the {from} cannot reach the port {port} of the {to}";
            }
        }
    }

    private static IEnumerable<string> OfPod(ManifestSet set, Network network, PodTemplate pod)
    {
        if (!network.LeavesTo(pod, NamespaceName, "kube-system", 53, "UDP") || !network.LeavesTo(pod, NamespaceName, "kube-system", 53))
        {
            yield return $"NetworkPolicy: {pod.Owner} cannot resolve names";
        }

        // Where MySQL is, only the Secret says.
        var mounts = (pod.Spec.Volumes ?? []).SelectMany(volume => volume.Projected?.Sources ?? []).Select(source => source.Secret?.Name);
        if (mounts.Any(name => name is "riskmonitor-mysql" or "riskmonitor-trading") && !(Target(set, "mysql", 3306) is { } mysql ? network.Reaches(pod, mysql.Pod, mysql.Port) : network.Leaves(pod, 3306)))
        {
            yield return $"NetworkPolicy: the {pod.Role ?? pod.Owner} cannot reach MySQL";
        }

        if (pod.Role is null)
        {
            yield break;
        }

        if (!network.IsEnteredFrom(pod, NamespaceName, "monitoring", "http") || !network.LeavesTo(pod, NamespaceName, "monitoring", 4317) || !network.LeavesTo(pod, NamespaceName, "monitoring", 4318))
        {
            yield return $"NetworkPolicy: Prometheus cannot read the metrics of the {pod.Role}, or no traces leave it";
        }

        if (pod.Role == "frontend" && !network.IsEnteredFrom(pod, "riskmonitor.example/frontend-access", "true", "http"))
        {
            yield return "NetworkPolicy: namespaces with the label frontend-access cannot reach the frontend";
        }

        // Endpoints of alerts are set at run time, too.
        foreach (var port in (pod.Role switch { "silo" => (int[])[443, 465, 587], "frontend" => [443], _ => [] }).Where(port => !network.Leaves(pod, port)))
        {
            yield return $"NetworkPolicy: the {pod.Role} cannot reach port {port} outside";
        }
    }

    /// <summary>Addresses in options, variables and arguments.</summary>
    private static IEnumerable<string> OfAddresses(ManifestSet set, Network network, PodTemplate pod)
    {
        var options = RoleOptions.Of(set, pod).Values.Where(option => !s_ownAddresses.Contains(option.Key)).Select(option => option.Value);
        var own = pod.Containers.Where(container => !PodRules.IsOurs(container)).SelectMany(container => (container.Env ?? []).Select(variable => variable.Value).Concat(container.Args ?? []));
        var texts = options.Concat(own).Concat(pod.Containers.SelectMany(container => container.Args ?? [])).OfType<string>();
        foreach (var (host, port) in texts.SelectMany(Addresses).Distinct())
        {
            var isService = set.Find<V1Service>(host) is not null;
            if (isService ? Target(set, host, port) is not { } target || !network.Reaches(pod, target.Pod, target.Port) : host.Contains('.') && host != "0.0.0.0" && !network.Leaves(pod, port))
            {
                yield return $"NetworkPolicy: {pod.Owner} cannot reach {host}:{port}";
            }
        }
    }

    private static IEnumerable<(string Host, int Port)> Addresses(string text)
    {
        foreach (Match match in Url().Matches(text))
        {
            var url = new Uri(match.Value);
            yield return (url.Host, url.Port);
        }

        foreach (var match in Server().Matches(Url().Replace(text, "")).Where(match => match.Groups[1].Value.Length > 0))
        {
            yield return (match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, provider: null));
        }
    }

    /// <summary>The pod and its port behind a port of a Service.</summary>
    private static (PodTemplate Pod, V1ContainerPort Port)? Target(ManifestSet set, string service, int port) =>
        set.Find<V1Service>(service) is { Spec.Selector: { Count: > 0 } selector } found && found.Spec.Ports.FirstOrDefault(open => open.Port == port) is { } exposed
        && set.Select(new V1LabelSelector { MatchLabels = selector }).FirstOrDefault() is { } pod && pod.Port(exposed.TargetPort ?? exposed.Port) is { } target
            ? (pod, target)
            : null;

    [GeneratedRegex(@"https?://[A-Za-z0-9.-]+(:\d+)?")]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![A-Za-z0-9.:/-])([a-z][a-z0-9.-]*):(\d{2,5})(?![\d:])")]
    private static partial Regex Server();
}
