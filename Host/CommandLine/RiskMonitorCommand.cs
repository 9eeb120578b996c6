using System.CommandLine;
using System.CommandLine.Help;
using RiskMonitor.Host.Operations;

namespace RiskMonitor.Host.CommandLine;

/// <summary>The root command, which runs the monitor, and its sub-commands, which work beside a running monitor or without one.</summary>
internal static class RiskMonitorCommand
{
    /// <summary>Response files are off because the name of a desk may begin with @, and bundles are off because -5 is a number.</summary>
    private static readonly ParserConfiguration s_configuration = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static Command Root { get; } = Create();

    /// <exception cref="UsageException">A word is not known, comes twice, or lacks its value; or a value cannot be read.</exception>
    public static ParseResult Parse(IReadOnlyList<string> args)
    {
        var arguments = Root.Parse(args is ["help"] ? ["--help"] : args, s_configuration);
        return UsageProblem.Of(arguments, args) is { } problem ? throw new UsageException(problem) : arguments;
    }

    /// <summary>A command's name as it is typed, such as <c>./run limits set</c>.</summary>
    public static string PathOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Take(1).Select(PathOf).Append(command.Name));

    private static Command Create()
    {
        // It is no RootCommand because that one is named like the program file, and users type ./run.
        var root = new Command("./run", $"""
            RiskMonitor watches the risk of trading desks while trades happen.

            usage: ./run [options]             watch, with a demo book that trades by itself
                   ./run --no-demo [options]   watch DIR/positions.db, your own book

            The commands work while the monitor runs, too; each has its own --help.

            Every setting is an environment variable too: {string.Join(", ", Setting.All.Select(setting => setting.Variable))};
            and {HostSettings.EnvironmentPrefix}Limits__DefaultNetDelta=5000000 is the net_delta limit of desks without their own. An option wins over a variable.
            """);
        root.Add(new HelpOption());
        root.Add(new VersionOption());
        foreach (var setting in Setting.All)
        {
            root.Add(setting.Option);
        }

        root.SetAction((arguments, _) => CommandRunner.WatchAsync(arguments));
        root.Add(DeadLettersCommand.Create());
        root.Add(DesksCommand.Create());
        root.Add(ReconcileCommand.Create());
        root.Add(LimitsCommand.Create());
        root.Add(EndpointsCommand.Create());
        root.Add(UsersCommand.Create());
        root.Add(AuditCommand.Create());
        root.Add(InitCommand.Create());
        root.Add(MigrateCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(CheckCommand.Create());
        return root;
    }
}
