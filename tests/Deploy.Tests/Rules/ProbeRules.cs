using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>How a supervisor sees that a pod lives and serves, and how long it may take to stop.</summary>
internal static class ProbeRules
{
    /// <summary>What the product takes for its stop after <c>DrainDelay</c> at the most; the rest is for the kubelet.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_reserve = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_mostGrace = TimeSpan.FromMinutes(2);

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var pod in set.Pods.Where(pod => pod.IsService))
        {
            foreach (var problem in pod.Spec.Containers.Where(container => container.Ports is { Count: > 0 }).SelectMany(container => OfContainer(pod, container)).Concat(OfStop(set, pod)))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> OfContainer(PodTemplate pod, V1Container container)
    {
        var name = $"{pod.Owner}, container {container.Name}";
        foreach (var port in (container.Ports ?? []).Where(port => port.Protocol is not (null or "TCP")))
        {
            yield return $"{name}: port {port.Name} is of {port.Protocol}, and everything of ours is TCP";
        }

        foreach (var problem in OfProbe(name, "startupProbe", container.StartupProbe, pod, pod.Role is null ? null : "/health")
            .Concat(OfProbe(name, "livenessProbe", container.LivenessProbe, pod, pod.Role is null ? null : "/health"))
            .Concat(OfProbe(name, "readinessProbe", container.ReadinessProbe, pod, pod.Role is null ? null : "/ready")))
        {
            yield return problem;
        }

        // The limits of a probe that ends a pod have to outlast a stall of the machine.
        if (container.StartupProbe is { } start && Lasts(start) < 120)
        {
            yield return $"{name}: has less than 2 minutes to start";
        }

        if (container.LivenessProbe is { } live && (Lasts(live) < 30 || (pod.Role is not null && (live.TimeoutSeconds ?? 1) < 3)))
        {
            yield return $"{name}: is ended after less than 30 s without an answer, or has less than 3 s for one";
        }

        if (container.LivenessProbe is { } late && Lasts(late) > 300)
        {
            yield return $"{name}: a process that hangs stays for more than 5 minutes";
        }

        if (pod.Role is not null && container.ReadinessProbe is { } ready && ((ready.TimeoutSeconds ?? 1) < 4 || Lasts(ready) > 30 || (ready.InitialDelaySeconds ?? 0) > 30))
        {
            yield return $"{name}: /ready asks its storage for up to 3 s, so that readinessProbe.timeoutSeconds is 4 or more; and a pod that does not serve is out within 30 s";
        }
    }

    private static int Lasts(V1Probe probe) => (probe.FailureThreshold ?? 3) * (probe.PeriodSeconds ?? 10);

    private static IEnumerable<string> OfStop(ManifestSet set, PodTemplate pod)
    {
        if (pod.Role is null)
        {
            yield break;
        }

        var drain = RoleOptions.Of(set, pod).Find("DrainDelay") is { } text ? TimeSpan.Parse(text, null) : TimeSpan.FromSeconds(1);
        var grace = TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30);
        if (grace < drain + s_stop + s_reserve)
        {
            yield return $"{pod.Owner}: has {grace.TotalSeconds} s to stop and needs DrainDelay ({drain.TotalSeconds} s), {s_stop.TotalSeconds} s for the hand-over and {s_reserve.TotalSeconds} s more";
        }

        if (grace > s_mostGrace)
        {
            yield return $"{pod.Owner}: holds up a drain for {grace.TotalSeconds} s where it hangs";
        }

        // Endpoints hear of a stop some moments after the pod.
        if (pod.Role == "frontend" && drain < TimeSpan.FromSeconds(3))
        {
            yield return $"{pod.Owner}: stops {drain.TotalSeconds} s after it said so, before balancers have heard of it";
        }
    }

    private static IEnumerable<string> OfProbe(string name, string kind, V1Probe? probe, PodTemplate pod, string? path)
    {
        if (probe is null)
        {
            yield return $"{name}: has no {kind}";
            yield break;
        }

        if (path is not null && probe.HttpGet?.Path != path)
        {
            yield return $"{name}: {kind} asks {probe.HttpGet?.Path ?? "something else"}, not {path}";
        }

        if (probe.HttpGet is { Scheme: not (null or "HTTP") } or { Host: not null } or { HttpHeaders.Count: > 0 })
        {
            yield return $"{name}: {kind} asks otherwise than by HTTP at the pod";
        }

        var port = probe.HttpGet?.Port ?? probe.TcpSocket?.Port;
        if (port is not null && pod.Port(port) is null)
        {
            yield return $"{name}: {kind} asks port {port.Value}, which the pod does not have";
        }

        // The product answers there, and a silo's other ports want a certificate.
        if (path is not null && port is not null && pod.Port(port) is { Name: not "http" } other)
        {
            yield return $"{name}: {kind} asks port {other.Name}, where nobody answers HTTP";
        }
    }
}
