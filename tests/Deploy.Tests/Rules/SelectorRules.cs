using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Selectors find the pods that are meant, and no others; ports are those of these pods.</summary>
internal static class SelectorRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set) => OfWorkloads(set).Concat(OfBudgets(set)).Concat(OfServices(set));

    private static IEnumerable<string> OfWorkloads(ManifestSet set)
    {
        foreach (var pod in set.Pods.Where(pod => pod.Selector is not null))
        {
            if (!ManifestSet.Matches(pod.Selector, pod.Labels))
            {
                yield return $"{pod.Owner}: its selector does not match its own pods";
            }

            foreach (var other in set.Select(pod.Selector).Where(other => other != pod))
            {
                yield return $"{pod.Owner}: its selector takes the pods of {other.Owner}, too";
            }

            foreach (var constraint in pod.Spec.TopologySpreadConstraints ?? [])
            {
                if (set.Select(constraint.LabelSelector).Any(other => other != pod))
                {
                    yield return $"{pod.Owner}: is spread by {constraint.TopologyKey} together with pods of others";
                }
            }
        }
    }

    private static IEnumerable<string> OfBudgets(ManifestSet set)
    {
        foreach (var budget in set.Of<V1PodDisruptionBudget>())
        {
            var owners = set.Select(budget.Spec.Selector).Select(pod => pod.Owner).ToList();
            if (budget.Spec is not { MinAvailable: null, MaxUnavailable.Value: not ("0" or "0%") })
            {
                yield return $"PodDisruptionBudget {budget.Metadata.Name}: may hold up a drain for ever; set maxUnavailable";
            }

            if (owners.Count != 1)
            {
                yield return $"PodDisruptionBudget {budget.Metadata.Name}: selects {(owners.Count == 0 ? "no pod" : string.Join(" and ", owners))}; one workload has one budget";
            }
        }
    }

    private static IEnumerable<string> OfServices(ManifestSet set)
    {
        foreach (var service in set.Of<V1Service>())
        {
            if (service.Spec.Type is not (null or "ClusterIP") || service.Spec.ExternalIPs is { Count: > 0 })
            {
                yield return $"Service {service.Metadata.Name}: is open past the Ingress";
            }

            if (service.Spec.Selector is not { Count: > 0 })
            {
                continue;
            }

            var pods = set.Select(new V1LabelSelector { MatchLabels = service.Spec.Selector }).ToList();
            if (pods.Count == 0)
            {
                yield return $"Service {service.Metadata.Name}: selects no pod";
            }

            if (pods.Count > 1)
            {
                yield return $"Service {service.Metadata.Name}: leads to {string.Join(" and ", pods.Select(pod => pod.Owner))}; a service has one workload";
            }

            foreach (var port in service.Spec.Ports.Where(port => port.Protocol is not (null or "TCP") || pods.Any(pod => pod.Port(port.TargetPort ?? port.Port) is not { Protocol: null or "TCP" })))
            {
                yield return $"Service {service.Metadata.Name}: leads to port {port.TargetPort?.Value ?? port.Port.ToString(null, null)}, which its pods do not have";
            }
        }

        foreach (var server in set.Of<V1StatefulSet>().Where(workload => set.Find<V1Service>(workload.Spec.ServiceName) is null))
        {
            yield return $"StatefulSet {server.Metadata.Name}: there is no Service {server.Spec.ServiceName}";
        }
    }
}
