using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What keeps the monitor there while nodes are drained and versions change.</summary>
internal static class AvailabilityRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var budget in set.Of<V1PodDisruptionBudget>().Where(budget => !set.Select(budget.Spec.Selector).Any()))
        {
            yield return $"PodDisruptionBudget {budget.Metadata.Name}: selects no pod";
        }

        foreach (var pod in set.Pods.Where(pod => pod.Role is not null))
        {
            if (!set.Of<V1PodDisruptionBudget>().Any(budget => ManifestSet.Matches(budget.Spec.Selector, pod.Labels) && budget.Spec.MaxUnavailable?.Value == "1"))
            {
                yield return $"{pod.Owner}: no PodDisruptionBudget lets one pod go at a time";
            }

            var spread = (pod.Spec.TopologySpreadConstraints ?? []).Where(constraint => ManifestSet.Matches(constraint.LabelSelector, pod.Labels)).Select(constraint => constraint.TopologyKey).ToList();
            foreach (var key in ((string[])["kubernetes.io/hostname", "topology.kubernetes.io/zone"]).Except(spread))
            {
                yield return $"{pod.Owner}: is not spread by {key}";
            }

            if (pod.Document is V1Deployment deployment && deployment.Spec.Strategy?.RollingUpdate is not { MaxUnavailable.Value: "0" })
            {
                yield return $"{pod.Owner}: a rollout takes a pod away before another is ready; set maxUnavailable: 0";
            }
        }
    }
}
