using System.Data.Common;
using Microsoft.Extensions.Options;
using RiskMonitor.CdcIngest.Sqlite;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Operations;
using RiskMonitor.Host.Stdio;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host;

/// <summary>Does what the command line asks for, and turns what the user can put right into a message and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            var arguments = Arguments.Parse(args);
            if (arguments.WantsHelp)
            {
                await output.WriteLineAsync(HelpText.Of(arguments.Command));
                return 0;
            }

            var configuration = Configuration(arguments, []);
            if (arguments.Command == Command.MakeKey)
            {
                await UsersCommand.MakeKeyAsync(output);
                return 0;
            }

            return arguments.Command != Command.Run ? await PossibleAsync(() => OperateAsync(arguments, configuration, output))
                : configuration.GetValue<bool>(StdioMode.Setting) ? await StdioMode.RunAsync(Configuration(arguments, StdioMode.Defaults), errors)
                : await SingleProcessHost.RunAsync(configuration, output);
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

    /// <summary>Options win over the environment, and both over the defaults.</summary>
    private static IConfigurationRoot Configuration(Arguments arguments, IEnumerable<KeyValuePair<string, string?>> defaults) => new ConfigurationBuilder()
        .AddInMemoryCollection(defaults)
        .AddEnvironmentVariables(HostSettings.EnvironmentPrefix)
        .AddInMemoryCollection(arguments.Settings())
        .Build();

    /// <summary>A full disk or a missing right is told in a line; there is nothing in a stack trace that an operator could use.</summary>
    private static async Task<int> PossibleAsync(Func<Task<int>> operate)
    {
        try
        {
            return await operate();
        }
        catch (Exception exception) when (exception is IOException or DbException or UnauthorizedAccessException)
        {
            var reason = exception.GetBaseException().Message;
            throw new UsageException($"the data directory cannot be used just now ({reason}): look for free space, rights, and programs that hold riskmonitor.db locked; nothing was changed unless the list of it says so", UsageException.NotPossible);
        }
    }

    private static async Task<int> OperateAsync(Arguments arguments, IConfiguration configuration, TextWriter output)
    {
        var command = arguments.Command;
        var mayCreate = command == Command.SetLimit || command == Command.AddUser;
        await using var database = await MonitorDatabase.OpenAsync(HostSettings.DataDirectory(configuration), mayCreate, CancellationToken.None);
        var limits = new LimitsCommand(database.Get<ILimitStore>(), TimeProvider.System, output);
        var configured = configuration.GetSection(AccessOptions.Section).Get<AccessOptions>()?.Users.Select(user => user.Name).ToList() ?? [];
        var users = new UsersCommand(database.Get<IUserStore>(), configured, output);
        var desks = new DesksCommand(
            database.Get<IDeskRepair>(), database.Get<IGrainStateStore>(), database.Get<IAuditLog>(), HostSettings.DataDirectory(configuration), Outbox(configuration), TimeProvider.System, output);
        await (command == Command.CheckDesks ? desks.CheckAsync(arguments, CancellationToken.None)
            : command == Command.RepairDesk ? desks.RepairAsync(arguments, CancellationToken.None)
            : command == Command.DeadLetters ? new DeadLettersCommand(database.Get<IDeadLetterStore>(), output).ListAsync(arguments, CancellationToken.None)
            : command == Command.Audit ? new AuditCommand(database.Get<IAuditLog>(), output).ListAsync(arguments, CancellationToken.None)
            : command == Command.ListUsers ? users.ListAsync(CancellationToken.None)
            : command == Command.AddUser ? users.AddAsync(arguments, CancellationToken.None)
            : command == Command.RevokeUser ? users.RevokeAsync(arguments, CancellationToken.None)
            : command == Command.SetLimit ? limits.SetAsync(arguments, CancellationToken.None)
            : command == Command.RemoveLimit ? limits.RemoveAsync(arguments, CancellationToken.None)
            : limits.ListAsync(CancellationToken.None));
        return 0;
    }

    private static OutboxFeedOptions Outbox(IConfiguration configuration)
    {
        var outbox = configuration.GetSection(OutboxFeedOptions.Section).Get<OutboxFeedOptions>() ?? new OutboxFeedOptions();
        outbox.Path = HostSettings.PositionsPathIn(HostSettings.DataDirectory(configuration));
        return outbox;
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
