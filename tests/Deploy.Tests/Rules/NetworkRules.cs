using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Nothing is reachable unless it has to be, and what has to be is.</summary>
internal static class NetworkRules
{
    private static readonly string[] s_doors = ["silo", "gateway"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set, bool isPart)
    {
        var policies = set.Of<V1NetworkPolicy>().ToList();
        if (!isPart && !policies.Any(policy => IsEmpty(policy.Spec.PodSelector) && policy.Spec.PolicyTypes.Order().SequenceEqual(["Egress", "Ingress"]) && policy.Spec.Ingress is null && policy.Spec.Egress is null))
        {
            yield return "NetworkPolicy: none refuses all that no other allows";
        }

        foreach (var policy in policies)
        {
            var name = $"NetworkPolicy {policy.Metadata.Name}";
            var own = set.Select(policy.Spec.PodSelector).ToList();
            if (own.Count == 0)
            {
                yield return $"{name}: selects no pod";
            }

            foreach (var rule in policy.Spec.Ingress ?? [])
            {
                foreach (var problem in Ports(name, rule.Ports, own).Concat(Peers(set, name, rule.FromProperty)))
                {
                    yield return problem;
                }

                if (rule.FromProperty is null or { Count: 0 })
                {
                    yield return $"{name}: lets in everybody";
                }
            }

            foreach (var rule in policy.Spec.Egress ?? [])
            {
                var targets = (rule.To ?? []).Where(peer => peer.NamespaceSelector is null && peer.PodSelector is not null).SelectMany(peer => set.Select(peer.PodSelector)).ToList();
                foreach (var problem in Ports(name, targets.Count == 0 ? [] : rule.Ports, targets).Concat(Peers(set, name, rule.To)))
                {
                    yield return problem;
                }
            }
        }

        if (isPart)
        {
            yield break;
        }

        foreach (var problem in Doors(set, policies).Concat(Ways(set, policies)))
        {
            yield return problem;
        }
    }

    private static bool IsEmpty(V1LabelSelector? selector) => selector is null or { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    private static IEnumerable<string> Ports(string name, IList<V1NetworkPolicyPort>? ports, List<PodTemplate> pods) =>
        (ports ?? []).Where(port => pods.Any(pod => pod.Port(port.Port) is null)).Select(port => $"{name}: names port {port.Port.Value}, which its pods do not have");

    private static IEnumerable<string> Peers(ManifestSet set, string name, IList<V1NetworkPolicyPeer>? peers) =>
        (peers ?? []).Where(peer => peer.NamespaceSelector is null && peer.IpBlock is null && !set.Select(peer.PodSelector).Any()).Select(_ => $"{name}: names pods that are not there");

    /// <summary>Ports of silos are a door to every grain.</summary>
    private static IEnumerable<string> Doors(ManifestSet set, List<V1NetworkPolicy> policies)
    {
        foreach (var policy in policies.Where(policy => set.Select(policy.Spec.PodSelector).Any(pod => pod.Role == "silo")))
        {
            foreach (var rule in policy.Spec.Ingress ?? [])
            {
                var doors = s_doors.Where(door => rule.Ports is null or { Count: 0 } || rule.Ports.Any(port => port.Port.Value == door || port.Port.Value is "11111" or "30000")).ToList();
                var allowed = doors.Contains("silo") ? ["silo"] : (string[])["ingest", "frontend"];
                if (doors.Count > 0 && !(rule.FromProperty ?? []).All(peer => peer is { NamespaceSelector: null, IpBlock: null } && set.Select(peer.PodSelector).All(pod => pod.Role is { } role && allowed.Contains(role))))
                {
                    yield return $"NetworkPolicy {policy.Metadata.Name}: opens the port {string.Join(" and ", doors)} of silos to others than {string.Join(" and ", allowed)}s";
                }
            }
        }
    }

    /// <summary>Both ends of every connection that the product makes allow it.</summary>
    private static IEnumerable<string> Ways(ManifestSet set, List<V1NetworkPolicy> policies)
    {
        (string From, string To, string Port)[] ways = [("silo", "silo", "silo"), ("ingest", "silo", "gateway"), ("frontend", "silo", "gateway")];
        foreach (var (from, to, port) in ways)
        {
            if (set.Pods.FirstOrDefault(pod => pod.Role == from) is not { } source || set.Pods.FirstOrDefault(pod => pod.Role == to) is not { } target)
            {
                yield return $"there is no {from} or no {to}";
                continue;
            }

            var leaves = policies.Where(policy => ManifestSet.Matches(policy.Spec.PodSelector, source.Labels)).SelectMany(policy => policy.Spec.Egress ?? [])
                .Any(rule => IsOf(rule.Ports, port) && (rule.To ?? []).Any(peer => peer.NamespaceSelector is null && ManifestSet.Matches(peer.PodSelector, target.Labels)));
            var enters = policies.Where(policy => ManifestSet.Matches(policy.Spec.PodSelector, target.Labels)).SelectMany(policy => policy.Spec.Ingress ?? [])
                .Any(rule => IsOf(rule.Ports, port) && (rule.FromProperty ?? []).Any(peer => peer.NamespaceSelector is null && ManifestSet.Matches(peer.PodSelector, source.Labels)));
            if (!leaves || !enters)
            {
                yield return $"NetworkPolicy: the {from} cannot reach the port {port} of the {to}";
            }
        }

        foreach (var pod in set.Pods.Where(pod => pod.Role is not null))
        {
            if (!policies.Where(policy => ManifestSet.Matches(policy.Spec.PodSelector, pod.Labels)).SelectMany(policy => policy.Spec.Egress ?? []).Any(rule => IsOf(rule.Ports, "3306")))
            {
                yield return $"NetworkPolicy: the {pod.Role} cannot reach MySQL";
            }
        }
    }

    private static bool IsOf(IList<V1NetworkPolicyPort>? ports, string port) => (ports ?? []).Any(allowed => allowed.Port.Value == port);
}
