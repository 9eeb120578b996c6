using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>How a supervisor sees that a pod lives and serves, and how long it may take to stop.</summary>
internal static class ProbeRules
{
    /// <summary>What the product takes for its stop after <c>DrainDelay</c> at the most; the rest is for the kubelet.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_reserve = TimeSpan.FromSeconds(5);

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var pod in set.Pods.Where(pod => pod.IsService))
        {
            foreach (var container in pod.Spec.Containers.Where(container => container.Ports is { Count: > 0 }))
            {
                var name = $"{pod.Owner}, container {container.Name}";
                var problems = ProblemsOf(name, "startupProbe", container.StartupProbe, pod, pod.Role is null ? null : "/health")
                    .Concat(ProblemsOf(name, "livenessProbe", container.LivenessProbe, pod, pod.Role is null ? null : "/health"))
                    .Concat(ProblemsOf(name, "readinessProbe", container.ReadinessProbe, pod, pod.Role is null ? null : "/ready"));
                foreach (var problem in problems)
                {
                    yield return problem;
                }

                // The limits of a probe that ends a pod have to outlast a stall of the machine.
                if (container.StartupProbe is { } start && (start.FailureThreshold ?? 3) * (start.PeriodSeconds ?? 10) < 120)
                {
                    yield return $"{name}: has less than 2 minutes to start";
                }

                if (container.LivenessProbe is { } live && (live.FailureThreshold ?? 3) * (live.PeriodSeconds ?? 10) < 30)
                {
                    yield return $"{name}: is ended after less than 30 s without an answer";
                }

                if (pod.Role is not null && container.ReadinessProbe is { } ready && (ready.TimeoutSeconds ?? 1) < 4)
                {
                    yield return $"{name}: /ready asks its storage for up to 3 s; give readinessProbe.timeoutSeconds 4 or more";
                }
            }

            if (pod.Role is not null)
            {
                var drain = RoleOptions.Of(set, pod).Find("DrainDelay") is { } text ? TimeSpan.Parse(text, null) : TimeSpan.FromSeconds(1);
                var grace = TimeSpan.FromSeconds(pod.Spec.TerminationGracePeriodSeconds ?? 30);
                if (grace < drain + s_stop + s_reserve)
                {
                    yield return $"{pod.Owner}: has {grace.TotalSeconds} s to stop and needs DrainDelay ({drain.TotalSeconds} s), {s_stop.TotalSeconds} s for the hand-over and {s_reserve.TotalSeconds} s more";
                }
            }
        }
    }

    private static IEnumerable<string> ProblemsOf(string name, string kind, V1Probe? probe, PodTemplate pod, string? path)
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

        if ((probe.HttpGet?.Port ?? probe.TcpSocket?.Port) is { } port && pod.Port(port) is null)
        {
            yield return $"{name}: {kind} asks port {port.Value}, which the pod does not have";
        }
    }
}
