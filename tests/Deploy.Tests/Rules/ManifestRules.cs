using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>What holds of every set of manifests. A problem names the document and what would be right.</summary>
internal static class ManifestRules
{
    /// <param name="isPart">The set is applied beside another one, which has accounts and policies.</param>
    public static IReadOnlyList<string> ProblemsOf(ManifestSet set, bool isPart = false) =>
    [
        .. PodRules.ProblemsOf(set),
        .. ResourceRules.ProblemsOf(set),
        .. VolumeRules.ProblemsOf(set),
        .. ProbeRules.ProblemsOf(set),
        .. SecretRules.ProblemsOf(set),
        .. ReferenceRules.ProblemsOf(set),
        .. SelectorRules.ProblemsOf(set),
        .. IngressRules.ProblemsOf(set),
        .. NetworkRules.ProblemsOf(set, isPart),
        .. isPart ? [] : WayRules.ProblemsOf(set),
        .. AvailabilityRules.ProblemsOf(set),
        .. ScalingRules.ProblemsOf(set),
        .. OptionRules.ProblemsOf(set),
        .. MonitoringRules.ProblemsOf(set),
        .. CertificateRules.ProblemsOf(set),
        .. DatabaseJobRules.ProblemsOf(set),
    ];
}
