using k8s.Models;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>Who reaches whom by the policies of a set, where something refuses all that none of them allows.</summary>
internal sealed class Network(ManifestSet set)
{
    private static readonly Dictionary<string, string> s_none = [];

    /// <summary>A pod to a port of another one of the namespace.</summary>
    public bool Reaches(PodTemplate from, PodTemplate to, V1ContainerPort port) =>
        Rules(from).Any(rule => IsOf(rule.Ports, port) && (IsEverywhere(rule.To) || rule.To.Any(peer => Is(peer, to))))
        && Entries(to).Any(rule => IsOf(rule.Ports, port) && (IsEverywhere(rule.FromProperty) || rule.FromProperty.Any(peer => Is(peer, from))));

    /// <summary>A pod to a port somewhere outside of the cluster.</summary>
    public bool Leaves(PodTemplate from, int port) => Rules(from).Any(rule => IsEverywhere(rule.To) && IsOf(rule.Ports, port, "TCP"));

    /// <summary>A pod to a port of the pods of another namespace.</summary>
    public bool LeavesTo(PodTemplate from, string label, string value, int port, string protocol = "TCP") =>
        Rules(from).Any(rule => IsOf(rule.Ports, port, protocol) && (IsEverywhere(rule.To) || rule.To.Any(peer => IsNamespace(peer, label, value))));

    /// <summary>Pods of another namespace to a port of a pod.</summary>
    public bool IsEnteredFrom(PodTemplate to, string label, string value, string port) =>
        to.Port(port) is { } own && Entries(to).Any(rule => IsOf(rule.Ports, own) && (IsEverywhere(rule.FromProperty) || rule.FromProperty.Any(peer => IsNamespace(peer, label, value))));

    private IEnumerable<V1NetworkPolicyEgressRule> Rules(PodTemplate pod) => Policies(pod, "Egress").SelectMany(policy => policy.Spec.Egress ?? []);

    private IEnumerable<V1NetworkPolicyIngressRule> Entries(PodTemplate pod) => Policies(pod, "Ingress").SelectMany(policy => policy.Spec.Ingress ?? []);

    private IEnumerable<V1NetworkPolicy> Policies(PodTemplate pod, string type) =>
        set.Of<V1NetworkPolicy>().Where(policy => policy.Spec.PolicyTypes?.Contains(type) == true && ManifestSet.Matches(policy.Spec.PodSelector, pod.Labels));

    private static bool IsEverywhere(IList<V1NetworkPolicyPeer>? peers) => peers is null or { Count: 0 };

    private static bool Is(V1NetworkPolicyPeer peer, PodTemplate pod) => peer is { NamespaceSelector: null, IpBlock: null } && ManifestSet.Matches(peer.PodSelector, pod.Labels);

    private static bool IsNamespace(V1NetworkPolicyPeer peer, string label, string value) =>
        peer is { NamespaceSelector: not null, PodSelector: null } && ManifestSet.Matches(peer.NamespaceSelector, new Dictionary<string, string> { [label] = value }) && !ManifestSet.Matches(peer.NamespaceSelector, s_none);

    private static bool IsOf(IList<V1NetworkPolicyPort>? ports, V1ContainerPort port) =>
        ports is null or { Count: 0 } || ports.Any(allowed => allowed.Protocol is null or "TCP" && (allowed.Port is null || allowed.Port.Value == port.Name || allowed.Port.Value == port.ContainerPort.ToString(null, null)));

    private static bool IsOf(IList<V1NetworkPolicyPort>? ports, int port, string protocol) =>
        ports is null or { Count: 0 } || ports.Any(allowed => (allowed.Protocol ?? "TCP") == protocol && (allowed.Port is null || allowed.Port.Value == port.ToString(null, null)));
}
