using System.CommandLine;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>
/// Brings the database of a cluster to the schema of this version and ends, so that an operator sees whether that works before any process of the new
/// version starts. Every process does the same at its start, one at a time.
/// </summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", $"bring the database of a cluster ({RoleSettings.MySqlKey}) to the schema of this version; a database that is away is waited for");
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, cancellationToken));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var configuration = CommandRunner.Configuration(arguments, []);
        if (!MonitorDatabase.IsCluster(configuration))
        {
            throw new UsageException($"{RoleSettings.MySqlKey} is missing; give the connection string of the cluster's database (a single process migrates its file at its start)");
        }

        await using var database = await MonitorDatabase.OpenAsync(configuration, data: "", mayCreate: false, cancellationToken);
        await arguments.InvocationConfiguration.Output.SayAsync($"the database has schema {database.SchemaVersion}, as version {typeof(MigrateCommand).Assembly.GetName().Version!.ToString(3)} needs it");
    }
}
