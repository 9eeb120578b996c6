using System.CommandLine;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.McpFrontend.Pages;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
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
        var alertId = AuditOptions.AlertId(operation.Arguments, s_alert);
        var (alert, history) = await operation.Database.Get<IAlertQueries>().FindAsync(alertId, null, cancellationToken)
            ?? throw new UsageException($"there is no alert {alertId:D}", UsageException.NotPossible);
        var evidence = await operation.Database.Get<IEvidenceLog>().AboutAsync($"{alertId:D}", cancellationToken);
        var deliveries = await operation.Database.Get<IDeliveryLog>().ListAsync(new DeliveryFilter(alertId), null, GetAlertReport.MostDeliveries, cancellationToken);
        var html = AlertReport.Html(alert, history, deliveries.Deliveries, evidence, operation.Database.Get<TimeProvider>().GetUtcNow());
        if (operation.Arguments.GetValue(s_out) is not { } path)
        {
            await operation.Output.WriteAsync(html);
            return;
        }

        await File.WriteAllTextAsync(path, html, cancellationToken);
        await operation.Output.SayAsync($"{path} is written");
    }
}
