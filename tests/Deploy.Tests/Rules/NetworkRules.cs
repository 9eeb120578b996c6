using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Nothing is reachable unless it has to be. That what has to be reachable is so: <see cref="WayRules"/>.</summary>
internal static class NetworkRules
{
    private const string NamespaceName = "kubernetes.io/metadata.name";

    private static readonly string[] s_doors = ["silo", "gateway"];

    /// <summary>What pods reach wherever it is: webhooks, models and providers, mail, brokers, MySQL.</summary>
    private static readonly string[] s_outside = ["443", "465", "587", "9092", "9093", "3306"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set, bool isPart)
    {
        var policies = set.Of<V1NetworkPolicy>().ToList();
        if (!isPart && !policies.Any(policy => IsEmpty(policy.Spec.PodSelector) && policy.Spec.PolicyTypes?.Order().SequenceEqual(["Egress", "Ingress"]) == true && policy.Spec.Ingress is null && policy.Spec.Egress is null))
        {
            yield return "NetworkPolicy: none refuses all that no other allows";
        }

        foreach (var problem in policies.SelectMany(policy => OfPolicy(set, policy)).Concat(isPart ? [] : Doors(set, policies)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> OfPolicy(ManifestSet set, V1NetworkPolicy policy)
    {
        var name = $"NetworkPolicy {policy.Metadata.Name}";
        var own = set.Select(policy.Spec.PodSelector).ToList();
        if (own.Count == 0)
        {
            yield return $"{name}: selects no pod";
        }

        foreach (var type in (policy.Spec.Ingress is null ? [] : (string[])["Ingress"]).Concat(policy.Spec.Egress is null ? [] : ["Egress"]).Where(type => policy.Spec.PolicyTypes?.Contains(type) != true))
        {
            yield return $"{name}: has rules of {type}, which policyTypes leaves out";
        }

        foreach (var rule in policy.Spec.Ingress ?? [])
        {
            if (rule.FromProperty is null or { Count: 0 })
            {
                yield return $"{name}: lets in everybody";
            }

            foreach (var problem in Ports(name, rule.Ports, own).Concat(Peers(set, name, rule.FromProperty)))
            {
                yield return problem;
            }
        }

        foreach (var rule in policy.Spec.Egress ?? [])
        {
            var targets = (rule.To ?? []).Where(peer => peer.NamespaceSelector is null && peer.PodSelector is not null).SelectMany(peer => set.Select(peer.PodSelector)).ToList();
            foreach (var problem in Ports(name, rule.Ports, targets).Concat(Peers(set, name, rule.To)))
            {
                yield return problem;
            }

            if (rule.To is null or { Count: 0 } && (rule.Ports ?? []).Any(port => !s_outside.Contains(port.Port?.Value)))
            {
                yield return $"{name}: lets pods out everywhere to port {string.Join(", ", (rule.Ports ?? []).Select(port => port.Port?.Value))}";
            }
        }
    }

    private static bool IsEmpty(V1LabelSelector? selector) => selector is null or { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    private static IEnumerable<string> Ports(string name, IList<V1NetworkPolicyPort>? ports, List<PodTemplate> pods)
    {
        if (ports is null or { Count: 0 } || ports.Any(port => port.Port is null || port.EndPort is not null))
        {
            yield return $"{name}: opens every port, or a range of them";
        }

        foreach (var port in (ports ?? []).Where(port => port.Port is not null))
        {
            if (pods.Any(pod => pod.Port(port.Port) is null))
            {
                yield return $"{name}: names port {port.Port.Value}, which its pods do not have";
            }

            if (port.Protocol is not (null or "TCP") && port.Port.Value != "53")
            {
                yield return $"{name}: port {port.Port.Value} is of {port.Protocol}, and everything of ours is TCP";
            }
        }
    }

    private static IEnumerable<string> Peers(ManifestSet set, string name, IList<V1NetworkPolicyPeer>? peers)
    {
        foreach (var peer in peers ?? [])
        {
            if (peer.NamespaceSelector is null && peer.IpBlock is null && !set.Select(peer.PodSelector).Any())
            {
                yield return $"{name}: names pods that are not there";
            }

            if (peer.IpBlock is not null || (peer.NamespaceSelector is not null && IsEmpty(peer.NamespaceSelector)))
            {
                yield return $"{name}: names every namespace, or addresses that others may have";
            }
        }
    }

    /// <summary>Ports of silos are a door to every grain, and metrics are for Prometheus.</summary>
    private static IEnumerable<string> Doors(ManifestSet set, List<V1NetworkPolicy> policies)
    {
        foreach (var policy in policies.Where(policy => set.Select(policy.Spec.PodSelector).Any(pod => pod.Role is "silo" or "ingest")))
        {
            foreach (var rule in policy.Spec.Ingress ?? [])
            {
                var doors = s_doors.Where(door => Opens(rule, door, door == "silo" ? "11111" : "30000")).ToList();
                var allowed = doors.Contains("silo") ? ["silo"] : (string[])["ingest", "frontend"];
                if (doors.Count > 0 && !(rule.FromProperty ?? []).All(peer => peer is { NamespaceSelector: null, IpBlock: null } && set.Select(peer.PodSelector).All(pod => pod.Role is { } role && allowed.Contains(role))))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: opens the port {string.Join(" and ", doors)} of silos to others than {string.Join(" and ", allowed)}s";
                }

                if (Opens(rule, "http", "8080") && !(rule.FromProperty ?? []).All(peer => peer.NamespaceSelector?.MatchLabels?.TryGetValue(NamespaceName, out var name) == true && name == "monitoring"))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: lets others than Prometheus reach the HTTP port of silos or ingests";
                }
            }
        }
    }

    private static bool Opens(V1NetworkPolicyIngressRule rule, string name, string number) =>
        rule.Ports is null or { Count: 0 } || rule.Ports.Any(port => port.Port is null || port.Port.Value == name || port.Port.Value == number);
}
