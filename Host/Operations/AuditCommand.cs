using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows the audit log.</summary>
internal sealed class AuditCommand(IAuditLog log, TextWriter output)
{
    public async Task ListAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var last = arguments["--last"] is { } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new UsageException($"--last is '{text}'; give a number from 1 on")
            : 50;
        var entries = await log.ListAsync(arguments["--user"], arguments["--tool"], last, cancellationToken);
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
