using System.CommandLine;
using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows the audit log.</summary>
internal sealed class AuditCommand(IAuditLog log, TextWriter output)
{
    private const int DefaultLast = 50;

    private static readonly Option<string> s_user = CommandOption.Text("--user", "NAME", "only this user's calls");
    private static readonly Option<string> s_tool = CommandOption.Text("--tool", "NAME", "only calls of this tool, e.g. monitor_desk_exposure");
    private static readonly Option<int?> s_last = CommandOption.Count("--last", DefaultLast);

    public static Command Create()
    {
        var command = Operation.Command(
            "audit",
            "show who asked what, newest first; its commands check the evidence",
            [s_user, s_tool, s_last],
            (operation, cancellationToken) => new AuditCommand(operation.Database.Get<IAuditLog>(), operation.Output).ListAsync(operation.Arguments, cancellationToken));
        command.Add(AuditVerifyCommand.Create());
        command.Add(AuditCompletenessCommand.Create());
        command.Add(AuditReplayCommand.Create());
        command.Add(AuditReportCommand.Create());
        return command;
    }

    public async Task ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var entries = await log.ListAsync(arguments.GetValue(s_user), arguments.GetValue(s_tool), arguments.GetValue(s_last) ?? DefaultLast, cancellationToken);
        var table = new TextTable("at", "user", "from", "channel", "tool", "desk", "arguments", "outcome", "ms", "calls", "scope", "clearance", "request_id");
        foreach (var entry in entries)
        {
            table.Add(
                AlertDocument.Time(entry.At),
                entry.User ?? "-",
                entry.Address ?? "-",
                entry.Channel,
                entry.Tool,
                entry.Desk ?? "",
                entry.Arguments,
                entry.Outcome,
                entry.Took.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture),
                entry.Calls.ToString(CultureInfo.InvariantCulture),
                entry.Scope ?? "",
                entry.Clearance ?? "",
                entry.RequestId);
        }

        await output.WriteLineAsync(entries.Count == 0 ? "no such calls in the audit log" : table.ToString());
    }
}
