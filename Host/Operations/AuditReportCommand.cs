using System.CommandLine;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.McpFrontend.Pages;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;
using RiskMonitor.UseCases.Alerts;

namespace RiskMonitor.Host.Operations;

/// <summary>Writes the printable report of an alert.</summary>
internal static class AuditReportCommand
{
    private static readonly Argument<string> s_alert = AuditOptions.Alert();
    private static readonly Option<string> s_out = CommandOption.Text("--out", "FILE", "where to write the page (default: the output)");

    public static Command Create() => Operation.Command(
        "report",
        "write one alert as a printable HTML page: figures, limits, times, deliveries, acknowledgement, evidence with hashes",
        [s_out],
        RunAsync,
        operand: s_alert);

    /// <exception cref="UsageException">There is no such alert.</exception>
    public static async Task RunAsync(Operation operation, CancellationToken cancellationToken)
    {
        var (alert, history) = await AuditOptions.FindAsync(operation.Database.Get<IAlertQueries>(), operation.Arguments, s_alert, cancellationToken);
        var (limits, deliveries, evidence) = (operation.Database.Get<ILimitStore>(), operation.Database.Get<IDeliveryLog>(), operation.Database.Get<IEvidenceLog>());
        var records = await AlertRecords.ReadAsync(alert, limits, deliveries, evidence, cancellationToken);
        var html = AlertReport.Html(alert, history, records, operation.Database.Get<TimeProvider>().GetUtcNow());
        if (operation.Arguments.GetValue(s_out) is not { } path)
        {
            await operation.Output.WriteAsync(html);
            return;
        }

        await File.WriteAllTextAsync(path, html, cancellationToken);
        await operation.Output.SayAsync($"{path} is written");
    }
}
