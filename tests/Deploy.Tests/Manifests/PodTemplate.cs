using k8s;
using k8s.Models;

namespace RiskMonitor.Deploy.Tests.Manifests;

/// <summary>The pods of one workload.</summary>
/// <param name="Owner">What makes them, as kind and name.</param>
/// <param name="IsService">They run until they are stopped; the pods of a job end by themselves.</param>
internal sealed record PodTemplate(IKubernetesObject<V1ObjectMeta> Document, string Owner, bool IsService, V1LabelSelector? Selector, V1ObjectMeta Metadata, V1PodSpec Spec)
{
    private static readonly string[] s_roles = ["silo", "ingest", "frontend"];

    public IDictionary<string, string> Labels => Metadata.Labels ?? new Dictionary<string, string>();

    /// <summary>All that run in it, one after the other or together.</summary>
    public IEnumerable<V1Container> Containers => Spec.Containers.Concat(Spec.InitContainers ?? []);

    /// <summary>silo, ingest or frontend; null: another program, or another command of ours.</summary>
    public string? Role => Labels.TryGetValue("app.kubernetes.io/name", out var name) && name == "riskmonitor" && Labels.TryGetValue("app.kubernetes.io/component", out var component) && s_roles.Contains(component)
        ? component
        : null;

    public static PodTemplate? Of(IKubernetesObject<V1ObjectMeta> document) => document switch
    {
        V1Deployment deployment => new(document, $"Deployment {deployment.Metadata.Name}", true, deployment.Spec.Selector, deployment.Spec.Template.Metadata, deployment.Spec.Template.Spec),
        V1StatefulSet set => new(document, $"StatefulSet {set.Metadata.Name}", true, set.Spec.Selector, set.Spec.Template.Metadata, set.Spec.Template.Spec),
        V1DaemonSet set => new(document, $"DaemonSet {set.Metadata.Name}", true, set.Spec.Selector, set.Spec.Template.Metadata, set.Spec.Template.Spec),
        V1Job job => new(document, $"Job {job.Metadata.Name}", false, null, job.Spec.Template.Metadata, job.Spec.Template.Spec),
        V1CronJob job => new(document, $"CronJob {job.Metadata.Name}", false, null, job.Spec.JobTemplate.Spec.Template.Metadata, job.Spec.JobTemplate.Spec.Template.Spec),
        _ => null,
    };

    /// <summary>What is mounted at a path or above it.</summary>
    public V1Volume? VolumeAt(string path) => Containers.SelectMany(container => container.VolumeMounts ?? [])
        .Where(mount => path == mount.MountPath || path.StartsWith(mount.MountPath + "/", StringComparison.Ordinal))
        .OrderByDescending(mount => mount.MountPath.Length)
        .Select(mount => (Spec.Volumes ?? []).FirstOrDefault(volume => volume.Name == mount.Name))
        .FirstOrDefault();

    /// <summary>The port of that name or number, as a Service, a probe or a policy names it.</summary>
    public V1ContainerPort? Port(IntOrString port) => Spec.Containers.SelectMany(container => container.Ports ?? []).FirstOrDefault(exposed => exposed.Name == port.Value || exposed.ContainerPort.ToString(null, null) == port.Value);
}
