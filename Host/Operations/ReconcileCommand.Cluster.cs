using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Host.Operations;

/// <content>In a cluster the command compares and corrects nothing.</content>
internal sealed partial class ReconcileCommand
{
    /// <exception cref="UsageException">There are differences, a setting is missing, or they are to be corrected.</exception>
    private static async Task RunInClusterAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (arguments, configuration, clock) = (operation.Arguments, operation.Configuration, TimeProvider.System);
        if (arguments.GetValue(s_fix))
        {
            throw new UsageException(
                "--fix is for the single process: in a cluster the log is the source's, into which nothing of ours is written. Let the connector take a snapshot (snapshot.mode, or a signal), which corrects the desks and ends unproven",
                UsageException.NotPossible);
        }

        var connection = Required(ClusterReconciliation.ConnectionKey, "give a connection string of a user who may read the positions: Server=…;Database=trading;User ID=…;Password=…");
        var feed = Required(RoleSettings.TopicKey, "give the topic of the positions, as for the processes of the cluster");
        var table = configuration[$"{DebeziumOptions.Section}:{nameof(DebeziumOptions.Table)}"] is { Length: > 0 } named ? named : new DebeziumOptions().Table;
        var (began, at, desk, outcome) = (clock.GetTimestamp(), clock.GetUtcNow(), arguments.GetValue(s_desk), "ok");
        try
        {
            var settle = TimeSpan.FromSeconds(arguments.GetValue(s_settle) ?? 5);
            var differences = await new ClusterReconciliation(operation.Database.Get<IDeskHoldings>(), connection, table, feed, settle, clock, operation.Output).RunAsync(desk, cancellationToken);
            if (differences.Count > 0)
            {
                throw new UsageException($"{Count(differences.Count, "difference")}; a snapshot of the connector corrects them", UsageException.NotPossible);
            }
        }
        catch (Exception exception)
        {
            outcome = exception is UsageException ? "conflict" : "internal";
            throw;
        }
        finally
        {
            await operation.Database.Get<IAuditLog>().AddAsync([Entry(desk, fix: false, at, outcome, $"req_{Guid.NewGuid():N}", clock.GetElapsedTime(began))], cancellationToken);
        }

        string Required(string key, string remedy) => configuration[key] is { Length: > 0 } value ? value : throw new UsageException($"{key} is missing; {remedy}");
    }
}
