using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Every option is one that its role reads, every command one of the program, and ports are those of the options.</summary>
internal static class OptionRules
{
    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var pod in set.Pods)
        {
            foreach (var container in pod.Spec.Containers.Where(PodRules.IsOurs))
            {
                if (ProblemOf(container.Args ?? []) is { } problem)
                {
                    yield return $"{pod.Owner}: {problem}";
                }
            }

            if (pod.Role is not { } role)
            {
                continue;
            }

            var options = RoleOptions.Of(set, pod);
            if (!pod.Spec.Containers.SelectMany(container => container.Args ?? []).SequenceEqual(["--role", role]))
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
}
