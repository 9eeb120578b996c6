using System.Globalization;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>The risk manager acknowledges an alert. Repeating it changes nothing.</summary>
public sealed class AckAlert(LiveFigures live, IAlertQueries alerts, IGrainFactory grains)
{
    public const string Tool = "ack_alert";

    private const int MostNameChars = 200;
    private const int MostCommentChars = 4000;

    public static readonly IReadOnlyList<string> Dispositions = [.. AlertNames.Dispositions.Select(disposition => disposition.Name())];

    public async Task<AckedAnswer> AskAsync(AckAlertInput input, CallContext context, CancellationToken cancellationToken)
    {
        var request = Read(input, context.Caller);
        // Looked up before the grain is asked, so that a wrong id does not create one.
        var (alert, _) = await GetAlert.FindAsync(alerts, input.AlertId, context.Caller, cancellationToken);
        var answer = await grains.GetGrain<IAlertGrain>(alert.AlertId.ToString("D")).AckAsync(request).WaitAsync(cancellationToken);
        return answer.Outcome switch
        {
            AckOutcome.Accepted or AckOutcome.Repeated => new AckedAnswer(context, await live.FeedAsync(alert.Desk, cancellationToken))
            {
                AlertId = alert.AlertId,
                Desk = alert.Desk,
                Outcome = answer.Outcome == AckOutcome.Accepted ? "accepted" : "repeated",
                Status = (answer.Status ?? AlertStatus.Consumed).Name(),
                Revision = answer.Revision,
                ConsumedAt = answer.ConsumedAt,
                AckedBy = answer.By ?? request.By,
                OnBehalfOf = answer.OnBehalfOf,
            },
            AckOutcome.Conflict => throw Conflict(answer),
            AckOutcome.NotFound => throw new RequestException(RequestError.NotFound, answer.Problem ?? $"there is no alert {alert.AlertId:D}"),
            _ => throw new RequestException(
                RequestError.InvalidInput,
                answer.Problem ?? "the acknowledgement does not fit the alert; read the alert again",
                [new InputProblem(request.DeliveryId is null ? "payload_sha256" : "delivery_id", answer.Problem ?? "does not fit the alert", null)]),
        };
    }

    private static AckRequest Read(AckAlertInput input, Caller caller)
    {
        var check = new InputCheck();
        AtMost("delivery_id", input.DeliveryId, MostNameChars);
        AtMost("acked_by", input.AckedBy, MostNameChars);
        AtMost("comment", input.Comment, MostCommentChars);
        var disposition = check.Choice("disposition", input.Disposition, Dispositions, AlertNames.ParseDisposition);
        if (input.PayloadSha256 is { } sha && (sha.Length != 64 || !sha.All(char.IsAsciiHexDigit)))
        {
            check.Refuse("payload_sha256", "is no SHA-256; give the 64 hex digits of the hash of the body received, or leave it out");
        }

        check.Done();
        // The authenticated caller acknowledges; a name in the body is recorded beside it.
        return new AckRequest(caller.Identity, input.AckedBy, input.Comment, disposition, input.DeliveryId, input.PayloadSha256);

        void AtMost(string field, string? text, int chars)
        {
            if (text?.Length > chars)
            {
                check.Refuse(field, string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters; give at most {chars}"));
            }
        }
    }

    private static RequestException Conflict(AckAnswer answer)
    {
        var problem = answer.Problem ?? "the alert has moved on; read it again";
        return new RequestException(
            RequestError.Conflict,
            problem,
            [new InputProblem("delivery_id", problem, answer.CurrentDeliveryId is { } current ? [current] : null)]);
    }
}

/// <param name="AckedBy">Whom the caller names; kept as <c>on_behalf_of</c>.</param>
public sealed record AckAlertInput(string AlertId, string? DeliveryId, string? AckedBy, string? Comment, string? Disposition, string? PayloadSha256);
