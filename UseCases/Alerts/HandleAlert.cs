using System.Globalization;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>A risk manager snoozes an alert: reminders, repeats and further steps of an escalation wait. It acknowledges nothing.</summary>
public sealed class SnoozeAlert(GetAlert getAlert, IAlertQueries alerts, IGrainFactory grains)
{
    public const string Tool = "snooze_alert";

    public static readonly InputParameter[] Fields =
    [
        new("until", ParameterKind.Text, "when it ends, RFC 3339 with zone; at most 23 hours from now", IsRequired: true),
        new("reason", ParameterKind.Text, "why", IsRequired: true),
    ];

    public async Task<AlertHistoryAnswer> AskAsync(HandleAlertInput input, CallContext context, CancellationToken cancellationToken)
    {
        var (until, reason, _) = Handling.Read(input, context, isAssigning: false);
        var (alert, _) = await GetAlert.FindAsync(alerts, input.AlertId, context.Caller, cancellationToken);
        var isSnoozed = await grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D")).SnoozeAsync(context.Caller.Identity, reason, until).WaitAsync(cancellationToken);
        return isSnoozed
            ? await getAlert.AskAsync(input.AlertId, context, cancellationToken)
            : throw new RequestException(RequestError.Conflict, "the current revision is still being analysed; snooze it when it has arrived");
    }
}

/// <summary>A risk manager gives an alert to somebody who is to deal with it.</summary>
public sealed class AssignAlert(GetAlert getAlert, IAlertQueries alerts, IGrainFactory grains)
{
    public const string Tool = "assign_alert";

    public static readonly InputParameter[] Fields = [new("to", ParameterKind.Text, "who is to deal with it", IsRequired: true), .. SnoozeAlert.Fields];

    public async Task<AlertHistoryAnswer> AskAsync(HandleAlertInput input, CallContext context, CancellationToken cancellationToken)
    {
        var (until, reason, to) = Handling.Read(input, context, isAssigning: true);
        var (alert, _) = await GetAlert.FindAsync(alerts, input.AlertId, context.Caller, cancellationToken);
        await grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D")).AssignAsync(context.Caller.Identity, to, reason, until).WaitAsync(cancellationToken);
        return await getAlert.AskAsync(input.AlertId, context, cancellationToken);
    }
}

/// <param name="To">Null where nothing is assigned.</param>
public sealed record HandleAlertInput(string AlertId, string? Until, string? Reason, string? To = null);

/// <summary>What snoozing and assigning have in common.</summary>
internal static class Handling
{
    private const int MostNameChars = 200;
    private const int MostReasonChars = 1_000;

    public static (DateTimeOffset Until, string Reason, string To) Read(HandleAlertInput input, CallContext context, bool isAssigning)
    {
        var check = new InputCheck();
        var until = check.Instant("until", input.Until);
        if (until is { } end && (end <= context.AsOf || (!isAssigning && end > context.AsOf + AlertLifecycle.LongestSnooze)))
        {
            check.Refuse("until", isAssigning ? "is not in the future" : string.Create(CultureInfo.InvariantCulture, $"is not within the next {AlertLifecycle.LongestSnooze.TotalHours:0} hours"));
        }
        else if (input.Until is null)
        {
            check.Refuse("until", "is missing; give the time when it ends, RFC 3339 with zone");
        }

        if (string.IsNullOrWhiteSpace(input.Reason) || input.Reason.Length > MostReasonChars)
        {
            check.Refuse("reason", string.Create(CultureInfo.InvariantCulture, $"is missing or too long; say why in at most {MostReasonChars} characters"));
        }

        if (isAssigning && (string.IsNullOrWhiteSpace(input.To) || input.To.Length > MostNameChars))
        {
            check.Refuse("to", string.Create(CultureInfo.InvariantCulture, $"is missing or too long; name who is to deal with it in at most {MostNameChars} characters"));
        }

        check.Done();
        return (until!.Value, input.Reason!, input.To ?? "");
    }
}
