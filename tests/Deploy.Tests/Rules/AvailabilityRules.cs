using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What keeps the monitor there while nodes are drained and versions change.</summary>
internal static class AvailabilityRules
{
    private static readonly string[] s_domains = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => set.Pods.Where(pod => pod.Role is not null).SelectMany(pod => OfRole(set, pod)).Concat(set.Pods.Where(pod => !pod.IsService).SelectMany(OfJob));

    private static IEnumerable<string> OfRole(ManifestSet set, PodTemplate pod)
    {
        if (!set.Of<V1PodDisruptionBudget>().Any(budget => ManifestSet.Matches(budget.Spec.Selector, pod.Labels) && budget.Spec is { MaxUnavailable.Value: "1", MinAvailable: null, UnhealthyPodEvictionPolicy: "AlwaysAllow" }))
        {
            yield return $"{pod.Owner}: no PodDisruptionBudget lets one pod go at a time, and those that do not serve";
        }

        var spread = (pod.Spec.TopologySpreadConstraints ?? []).Where(constraint => constraint is { MaxSkew: 1, WhenUnsatisfiable: "ScheduleAnyway" } && ManifestSet.Matches(constraint.LabelSelector, pod.Labels));
        foreach (var key in s_domains.Except(spread.Select(constraint => constraint.TopologyKey)))
        {
            yield return $"{pod.Owner}: is not spread by {key}";
        }

        if (pod.Document is not V1Deployment deployment)
        {
            yield return $"{pod.Owner}: is no Deployment (decision 88)";
            yield break;
        }

        if (deployment.Spec.Strategy?.RollingUpdate is not { MaxUnavailable.Value: "0", MaxSurge.Value: not "0" } || deployment.Spec.Strategy.Type is not (null or "RollingUpdate"))
        {
            yield return $"{pod.Owner}: a rollout takes a pod away before another is ready; set maxUnavailable: 0 and maxSurge";
        }

        if ((deployment.Spec.MinReadySeconds ?? 0) < 5 || (deployment.Spec.ProgressDeadlineSeconds ?? 600) < 600)
        {
            yield return $"{pod.Owner}: a rollout goes on at once when a pod is ready, or gives up while one may still start";
        }

        if (deployment.Spec.RevisionHistoryLimit == 0 || deployment.Spec.Paused == true)
        {
            yield return $"{pod.Owner}: cannot be rolled back, or rolls nothing out";
        }
    }

    private static IEnumerable<string> OfJob(PodTemplate pod)
    {
        var job = pod.Document is V1CronJob cron ? cron.Spec.JobTemplate.Spec : ((V1Job)pod.Document).Spec;
        // What registers a connector is done again until it succeeds.
        var repeats = pod.Spec.RestartPolicy == "OnFailure";
        if (!repeats && (pod.Spec.RestartPolicy != "Never" || job.ActiveDeadlineSeconds is null or <= 0))
        {
            yield return $"{pod.Owner}: may run for ever; set activeDeadlineSeconds and restartPolicy: Never";
        }

        // Half a migration or half a copy needs somebody to look before it is tried again.
        if (pod.Document is V1Job && !repeats && job.BackoffLimit != 0)
        {
            yield return $"{pod.Owner}: begins again by itself after it failed; set backoffLimit: 0";
        }

        if (job.Parallelism is > 1 || job.Completions is > 1)
        {
            yield return $"{pod.Owner}: runs several times";
        }

        if (pod.Document is V1CronJob { Spec: { } often } && (often.ConcurrencyPolicy != "Forbid" || often.Suspend == true || often.TimeZone != "Etc/UTC" || often.Schedule.Split(' ').Length != 5))
        {
            yield return $"{pod.Owner}: runs beside itself, or not at the hours that it names";
        }
    }
}
