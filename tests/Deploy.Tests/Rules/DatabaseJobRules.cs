using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>The jobs on the database: each runs its own script with what that reads, and copies come often, stay long enough, and outlast the pod.</summary>
internal static partial class DatabaseJobRules
{
    private const string Component = "app.kubernetes.io/component";
    private const string Options = "/secrets/backup/my.cnf";
    private const string Copies = "/backups";

    /// <summary>A database of some size is copied, restored or migrated in this time.</summary>
    private const int LeastSeconds = 3600;

    private static readonly TimeSpan s_kept = TimeSpan.FromDays(7);

    public static IEnumerable<string> ProblemsOf(ManifestSet set) =>
        set.Pods.SelectMany(pod => OfComponent(pod) switch
        {
            "migrate" => OfMigration(pod),
            "backup" or "restore" => OfCopies(set, pod).Concat(pod.Document is V1CronJob cron ? OfSchedule(cron, pod) : []),
            _ => [],
        })
        .Concat(set.Of<V1PersistentVolumeClaim>().Where(claim => claim.Spec.AccessModes?.Any(mode => mode is "ReadWriteOnce" or "ReadWriteMany" or "ReadWriteOncePod") != true).Select(claim => $"PersistentVolumeClaim {claim.Metadata.Name}: nobody can write to it"));

    /// <summary>The time between the beginnings of two copies: only schedules of the form "minute */hours * * *" are understood.</summary>
    public static TimeSpan? Interval(V1CronJob cron) =>
        Schedule().Match(cron.Spec.Schedule) is { Success: true } schedule && int.Parse(schedule.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is > 0 and var hours && 24 % hours == 0 ? TimeSpan.FromHours(hours) : null;

    /// <summary>By its own label, or by the name of the workload: a pod without the label is one that the policies hold back.</summary>
    private static string? OfComponent(PodTemplate pod)
    {
        var name = pod.Document.Metadata.Name;
        return !pod.IsService && name.StartsWith("riskmonitor-", StringComparison.Ordinal) ? name["riskmonitor-".Length..] : null;
    }

    private static IEnumerable<string> OfLabel(PodTemplate pod, string component)
    {
        if (!pod.Labels.TryGetValue(Component, out var label) || label != component)
        {
            yield return $"{pod.Owner}: its pods lack the label {Component}={component}, by which the policies let it reach MySQL";
        }
    }

    private static IEnumerable<string> OfMigration(PodTemplate pod)
    {
        foreach (var problem in OfLabel(pod, "migrate"))
        {
            yield return problem;
        }

        if (!pod.Containers.SelectMany(container => container.Args ?? []).SequenceEqual(["migrate"]))
        {
            yield return $"{pod.Owner}: does not run the command migrate";
        }

        if (pod.VolumeAt("/secrets/settings")?.Projected?.Sources.Any(source => source.Secret is { Name: "riskmonitor-mysql", Optional: not true }) != true)
        {
            yield return $"{pod.Owner}: does not mount Secret riskmonitor-mysql";
        }

        if (((V1Job)pod.Document).Spec.ActiveDeadlineSeconds < LeastSeconds)
        {
            yield return $"{pod.Owner}: is ended after less than an hour, in the middle of its work";
        }
    }

    private static IEnumerable<string> OfCopies(ManifestSet set, PodTemplate pod)
    {
        var component = OfComponent(pod)!;
        foreach (var problem in OfLabel(pod, component))
        {
            yield return problem;
        }

        var container = pod.Spec.Containers.Single();
        if (!(container.Command ?? []).Concat(container.Args ?? []).SequenceEqual(["bash", $"/scripts/{component}.sh"]))
        {
            yield return $"{pod.Owner}: does not run {component}.sh";
        }

        // What the script reads is in the script; any other name would leave its default in force.
        var script = pod.VolumeAt("/scripts") is { ConfigMap.Name: { } map } && set.Find<V1ConfigMap>(map)?.Data?.TryGetValue($"{component}.sh", out var text) == true ? text : "";
        foreach (var variable in (container.Env ?? []).Where(variable => !script.Contains($"${{{variable.Name}:-", StringComparison.Ordinal)))
        {
            yield return $"{pod.Owner}: {component}.sh reads no variable {variable.Name}";
        }

        if ((container.Env ?? []).Any(variable => variable is { Name: "FORCE" }))
        {
            yield return $"{pod.Owner}: restores while silos live; FORCE is for one case, by hand";
        }

        if ((container.Env ?? []).Any(variable => variable is { Name: "DATABASE", Value: not "riskmonitor" }))
        {
            yield return $"{pod.Owner}: the monitor's database is riskmonitor (deploy/mysql/monitor-user.sql)";
        }

        if (pod.VolumeAt(Options)?.Secret is not { SecretName: { } secret, Optional: not true } || !VolumeRules.IsKey(secret, "my.cnf"))
        {
            yield return $"{pod.Owner}: no Secret that is always there has {Options}";
        }

        if (pod.VolumeAt(Copies)?.PersistentVolumeClaim is not { ReadOnlyProperty: not true } || (component == "backup" && container.VolumeMounts.Any(mount => mount is { MountPath: Copies, ReadOnlyProperty: true })))
        {
            yield return $"{pod.Owner}: its copies at {Copies} do not outlast the pod, or cannot be written";
        }

        if (pod.Document is V1Job { Spec.ActiveDeadlineSeconds: < LeastSeconds } or V1CronJob { Spec.JobTemplate.Spec.ActiveDeadlineSeconds: < LeastSeconds })
        {
            yield return $"{pod.Owner}: is ended after less than an hour, in the middle of its work";
        }
    }

    private static IEnumerable<string> OfSchedule(V1CronJob cron, PodTemplate pod)
    {
        if (Interval(cron) is not { } interval || interval > TimeSpan.FromHours(6))
        {
            yield return $"{pod.Owner}: schedule {cron.Spec.Schedule} does not copy every six hours or oftener; give \"minute */hours * * *\"";
            yield break;
        }

        if (cron.Spec.StartingDeadlineSeconds is not >= 600)
        {
            yield return $"{pod.Owner}: a copy that cannot begin at once is left out; set startingDeadlineSeconds to 600 or more";
        }

        if (cron.Spec.JobTemplate.Spec.ActiveDeadlineSeconds >= interval.TotalSeconds)
        {
            yield return $"{pod.Owner}: a copy may take until the next one is due";
        }

        if (cron.Spec.FailedJobsHistoryLimit == 0 || cron.Spec.SuccessfulJobsHistoryLimit == 0)
        {
            yield return $"{pod.Owner}: keeps no Job, so that nobody finds a log, and BackupFailed cannot ring";
        }

        var keep = pod.Containers.SelectMany(container => container.Env ?? []).FirstOrDefault(variable => variable.Name == "KEEP")?.Value;
        if (!int.TryParse(keep, CultureInfo.InvariantCulture, out var copies) || copies * interval < s_kept)
        {
            yield return $"{pod.Owner}: keeps copies of less than a week";
        }
    }

    [GeneratedRegex(@"^[0-5]?\d \*/(\d+) \* \* \*$")]
    private static partial Regex Schedule();
}
