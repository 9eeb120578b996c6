using System.CommandLine;
using Microsoft.Extensions.Options;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Infrastructure;
using RiskMonitor.Host.Stdio;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host;

/// <summary>Runs the command that the command line names, and turns what the user can put right into a message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Names a directory with a file for each secret setting, as container platforms mount them.</summary>
    private const string SecretsVariable = HostSettings.EnvironmentPrefix + "Secrets";

    /// <returns>The exit code: 0, <see cref="UsageException.BadInput"/>, <see cref="UsageException.NotPossible"/> or <see cref="UsageException.NotAsRecorded"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            return await RiskMonitorCommand.Parse(args).InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                // The host stops on signals by itself and has a timeout of its own.
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException problem)
        {
            return await FailAsync([problem.Message], problem.ExitCode, errors);
        }
        catch (OptionsValidationException invalid)
        {
            return await FailAsync(invalid.Failures, UsageException.BadInput, errors);
        }
        catch (InvalidOperationException unreadable) when (unreadable.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
        {
            // The binder names the value, the key and the type wanted.
            return await FailAsync([unreadable.Message], UsageException.BadInput, errors);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return await FailAsync(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(invalid => invalid.Failures), UsageException.BadInput, errors);
        }
    }

    /// <summary>Runs the monitor: what the root command does.</summary>
    public static Task<int> WatchAsync(ParseResult arguments)
    {
        var configuration = Configuration(arguments, []);
        if (HostSettings.Read(configuration) is { IsCluster: true } settings)
        {
            return ClusterHost.RunAsync(configuration, settings, new ClusterInfrastructure(settings, configuration), arguments.InvocationConfiguration.Output);
        }

        return configuration.GetValue<bool>(StdioMode.Setting)
            ? StdioMode.RunAsync(Configuration(arguments, StdioMode.Defaults), arguments.InvocationConfiguration.Error)
            : MonitorHost.RunAsync(configuration, arguments.InvocationConfiguration.Output);
    }

    /// <summary>Options win over the environment, that over files of secrets, and all of them over the defaults.</summary>
    /// <exception cref="UsageException">There is no directory of secrets where the variable says so.</exception>
    public static IConfigurationRoot Configuration(ParseResult arguments, IEnumerable<KeyValuePair<string, string?>> defaults)
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection(defaults);
        if (Environment.GetEnvironmentVariable(SecretsVariable) is { Length: > 0 } secrets)
        {
            if (!Directory.Exists(secrets))
            {
                throw new UsageException($"Secrets is '{secrets}', which is no directory; give one with a file for each secret setting, named by its key with __ for : ({SecretsVariable})");
            }

            builder.AddKeyPerFile(Path.GetFullPath(secrets));
        }

        return builder.AddEnvironmentVariables(HostSettings.EnvironmentPrefix).AddInMemoryCollection(Setting.Given(arguments)).Build();
    }

    private static async Task<int> FailAsync(IEnumerable<string> problems, int exitCode, TextWriter errors)
    {
        foreach (var line in problems.SelectMany(problem => problem.Split('\n')))
        {
            await errors.SayAsync($"riskmonitor: {line}");
        }

        return exitCode;
    }
}
