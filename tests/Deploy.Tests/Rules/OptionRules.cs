using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Every option is one that its role reads, every command one of the program, and ports are those of the options.</summary>
internal static partial class OptionRules
{
    /// <summary>What several roles have to agree on. Of roles that have no such option nothing is asked.</summary>
    private static readonly string[] s_alike =
    [
        "Orleans:ClusterId", "Orleans:ServiceId", "Orleans:Dashboard", "Kafka:Topic", "Kafka:BootstrapServers", "Kafka:SecurityProtocol", "Kafka:SaslMechanism", "Kafka:SslCaLocation",
        "Links:PublicUrl", "Links:Lifetime", "Notices:Url", "Llm:Endpoint", "Llm:Model", "Listen", "Secrets",
    ];

    private static readonly string[] s_roles = ["silo", "ingest", "frontend"];

    public static IEnumerable<string> ProblemsOf(ManifestSet set) => OfPods(set).Concat(OfVariables(set)).Concat(OfAll(set));

    /// <summary>Options that roles share have one value.</summary>
    private static IEnumerable<string> OfAll(ManifestSet set)
    {
        var roles = set.Pods.Where(pod => pod.Role is not null).Select(pod => (pod.Role, Options: RoleOptions.Of(set, pod))).ToList();
        foreach (var key in s_alike)
        {
            var values = roles.Where(role => RoleKeys.IsRead(role.Role!, key)).Select(role => role.Options.Find(key)).Distinct().ToList();
            if (values.Count > 1)
            {
                yield return $"{key} is {string.Join(" and ", values.Select(value => value ?? "not set"))}; all roles that read it have to agree";
            }
        }
    }

    /// <summary>A variable that nobody reads is a wrong name, and one that is set twice has the value that nobody looked at.</summary>
    private static IEnumerable<string> OfVariables(ManifestSet set)
    {
        foreach (var pod in set.Pods)
        {
            foreach (var container in pod.Containers)
            {
                var fromMaps = (container.EnvFrom ?? []).Select(from => from.ConfigMapRef?.Name).OfType<string>().SelectMany(name => set.Find<V1ConfigMap>(name)?.Data?.Keys ?? []);
                var names = fromMaps.Concat((container.Env ?? []).Select(variable => variable.Name)).ToList();
                foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
                {
                    yield return $"{pod.Owner}: sets {twice.Key} twice";
                }

                foreach (var name in names.Where(name => PodRules.IsOurs(container) && !Known().IsMatch(name)))
                {
                    yield return $"{pod.Owner}: nothing reads a variable {name}";
                }

                foreach (var from in (container.EnvFrom ?? []).Where(from => from.Prefix is { Length: > 0 }))
                {
                    yield return $"{pod.Owner}: puts {from.Prefix} before the names of options";
                }
            }
        }
    }

    private static IEnumerable<string> OfPods(ManifestSet set)
    {
        foreach (var pod in set.Pods)
        {
            foreach (var container in pod.Containers.Where(PodRules.IsOurs))
            {
                if (ProblemOf(container.Args ?? []) is { } problem)
                {
                    yield return $"{pod.Owner}: {problem}";
                }
            }

            if (pod.Role is not { } role)
            {
                // Commands read the options that the roles read, and those of the demo.
                foreach (var key in RoleOptions.Of(set, pod).Values.Keys.Where(key => !OptionDefaults.All.ContainsKey(key) && !SecretKeys.IsSecret(key) && !s_roles.Any(any => RoleKeys.IsRead(any, key))))
                {
                    yield return $"{pod.Owner}: there is no option {key}";
                }

                if (RoleOptions.Of(set, pod).Find("Secrets") is { } folder && pod.VolumeAt(folder) is null)
                {
                    yield return $"{pod.Owner}: Secrets is '{folder}', where nothing is mounted";
                }

                continue;
            }

            var options = RoleOptions.Of(set, pod);
            if (!pod.Containers.SelectMany(container => container.Args ?? []).SequenceEqual(["--role", role]))
            {
                yield return $"{pod.Owner}: does not start as --role {role}";
            }

            foreach (var key in options.Values.Keys.Where(key => !RoleKeys.IsRead(role, key)))
            {
                yield return $"{pod.Owner}: the {role} knows no option {key}";
            }

            (string Port, string? Option)[] ports =
            [
                ("http", options.Find("Listen")?.Split(':')[^1]),
                .. role == "silo" ? [("silo", options.Find("Orleans:SiloPort")), ("gateway", options.Find("Orleans:GatewayPort"))] : Array.Empty<(string, string?)>(),
            ];
            foreach (var (port, option) in ports)
            {
                if (pod.Port(port)?.ContainerPort.ToString(null, null) != option)
                {
                    yield return $"{pod.Owner}: port {port} is {pod.Port(port)?.ContainerPort}, and its option says {option}";
                }
            }

            if (role == "silo" && pod.Containers.SelectMany(container => container.Env ?? []).Any(variable => variable is not { Name: "RiskMonitor__Orleans__AdvertisedAddress", ValueFrom.FieldRef.FieldPath: "status.podIP" } && variable.Name.EndsWith("AdvertisedAddress", StringComparison.Ordinal)))
            {
                yield return $"{pod.Owner}: others do not reach a silo by this address; take status.podIP";
            }

            if (role == "silo" && options.Find("Orleans:AdvertisedAddress") is null)
            {
                yield return $"{pod.Owner}: has no Orleans:AdvertisedAddress; take it from status.podIP";
            }

            if (options.Find("Orleans:AllowInsecure") is { } insecure && bool.TryParse(insecure, out var isInsecure) && isInsecure)
            {
                yield return $"{pod.Owner}: lets silos be reached without certificates";
            }

            if (role == "frontend" && !(bool.TryParse(options.Find("Access:RequireUsers"), out var requires) && requires))
            {
                yield return $"{pod.Owner}: lets everybody in while there are no users; set Access:RequireUsers";
            }

            foreach (var key in (string[])["Orleans:Tls:CertificatePath", "Orleans:Tls:KeyPath", "Orleans:Tls:CaPath", "Secrets"])
            {
                if (options.Find(key) is not { } path || !pod.Spec.Containers.SelectMany(container => container.VolumeMounts ?? []).Any(mount => path == mount.MountPath || path.StartsWith(mount.MountPath + "/", StringComparison.Ordinal)))
                {
                    yield return $"{pod.Owner}: {key} is '{options.Find(key)}', where nothing is mounted";
                }
            }
        }
    }

    private static string? ProblemOf(IList<string> arguments)
    {
        try
        {
            return RiskMonitorCommand.Parse([.. arguments]).Errors.FirstOrDefault()?.Message;
        }
        catch (UsageException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Options of ours, and the standard variables of OpenTelemetry and .NET.</summary>
    [GeneratedRegex("^(RiskMonitor__[A-Za-z0-9_.-]+|OTEL_(SDK_DISABLED|SERVICE_NAME|RESOURCE_ATTRIBUTES|TRACES_SAMPLER(_ARG)?|EXPORTER_OTLP_((TRACES|METRICS)_)?(ENDPOINT|PROTOCOL|HEADERS|TIMEOUT|CERTIFICATE)|METRIC_EXPORT_(INTERVAL|TIMEOUT))|DOTNET_(GCHeapCount|GCHeapHardLimit|GCHeapHardLimitPercent|GCgen0size|TieredPGO|PROCESSOR_COUNT))$")]
    private static partial Regex Known();
}
