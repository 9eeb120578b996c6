using Orleans;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// The one alert of a breach episode, from its opening to its acknowledgement. What is to be done next, and when, is stored before it is done, so that
/// another activation can continue.
/// </summary>
public sealed record Alert
{
    /// <summary>Counts the writes of the row; a writer must name the last one.</summary>
    public long Version { get; init; }

    public required Guid AlertId { get; init; }

    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    /// <summary>The episode as last reported, with the figures around it.</summary>
    public required EpisodeReport Report { get; init; }

    public required AlertStatus Status { get; init; }

    /// <summary>Of the current revision; null until analysed.</summary>
    public Analysis? Analysis { get; init; }

    /// <summary>The delivery of the current revision that needs an ack; null until the first is prepared.</summary>
    public Notification? Notice { get; init; }

    /// <summary>When the first message of the revision was written, or the first since its ack: escalations count from then.</summary>
    public DateTimeOffset? NoticedAt { get; init; }

    /// <summary>When the operator was notified that nobody acknowledges the revision; null where that was not necessary since <see cref="NoticedAt"/>.</summary>
    public DateTimeOffset? OperatorNotifiedAt { get; init; }

    /// <summary>The message that the breach is over; needs no ack.</summary>
    public Notification? CureNotice { get; init; }

    /// <summary>Ack of the current revision.</summary>
    public Acknowledgement? Acknowledgement { get; init; }

    /// <summary>Until when reminders wait; null where none was asked for in this revision.</summary>
    public Snooze? Snooze { get; init; }

    /// <summary>Who is to deal with it; the last assignment, also when it has ended.</summary>
    public Assignment? Assignment { get; init; }

    /// <summary>Deliveries made so far, oldest first; the newest <see cref="DeliveriesKept"/> of them.</summary>
    public IReadOnlyList<PastDelivery> Deliveries { get; init; } = [];

    /// <summary>How many deliveries were ever prepared; numbers the next.</summary>
    public int DeliveryCount { get; init; }

    public required LatencyReceipt Receipt { get; init; }

    /// <summary>When the alert must be evaluated again; null when only a report, an ack or the next start can change it.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    public const int DeliveriesKept = 100;

    public string Desk => Report.Desk;

    public Episode Episode => Report.Episode;

    public int Revision => Report.Episode.Revision;

    /// <summary>A message waits for an endpoint, which a start or a changed configuration can bring.</summary>
    public bool WaitsForEndpoint => Messages.Any(message => message.Deliveries.Any(delivery => delivery is { NoEndpoint: true, IsPending: true }));

    /// <summary>The messages of which something may still be sent.</summary>
    public IEnumerable<Notification> Messages => new[] { Notice, CureNotice }.OfType<Notification>();

    /// <summary>Transient alerts are kept and not delivered, unless configured.</summary>
    public bool Transient => Report.Episode.Transient;
}

/// <summary>Where an alert stands. Only an ack consumes it.</summary>
public enum AlertStatus
{
    PendingAnalysis,
    PendingDelivery,
    Delivered,
    Consumed,
    DeadLetter,
}

/// <summary>
/// A message to the risk manager, on its way to one endpoint or several. Its body is frozen: retries send the same bytes under the same id. The fields
/// behind <see cref="CreatedAt"/> sum up what <see cref="Deliveries"/> tells of each endpoint.
/// </summary>
/// <param name="DeliveryId">The <c>webhook-id</c> at the first endpoint.</param>
/// <param name="SaysCured">The body says that the breach is over.</param>
/// <param name="Attempts">Attempts begun at all endpoints together.</param>
/// <param name="InFlight">An attempt was begun and its end is not known.</param>
/// <param name="NextAttemptAt">The earliest of the endpoints' times. Null when nothing more is to be sent, and without an endpoint.</param>
/// <param name="DeliveredAt">When the first required endpoint answered 2xx.</param>
/// <param name="LastError">Why the last attempt failed, or why there is no endpoint.</param>
/// <param name="NoEndpoint">There is no endpoint: the message waits unchanged until there is one.</param>
public sealed record Notification(
    string DeliveryId,
    NotificationKind Kind,
    int Revision,
    string Body,
    bool SaysCured,
    DateTimeOffset CreatedAt,
    int Attempts,
    bool InFlight,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? DeliveredAt,
    string? LastError,
    bool NoEndpoint = false)
{
    /// <summary>Null in rows that were written while there was one endpoint.</summary>
    public IReadOnlyList<EndpointDelivery>? Endpoints { get; init; }

    /// <summary>The message at each of its endpoints.</summary>
    public IReadOnlyList<EndpointDelivery> Deliveries => Endpoints ??
        [new EndpointDelivery(DeliveryId, EndpointRoute.DefaultEndpoint, true, true, Attempts, InFlight, NextAttemptAt, DeliveredAt, LastError, NoEndpoint)];

    /// <summary>A required endpoint is still to be reached, and none was.</summary>
    public bool IsPending => DeliveredAt is null && Deliveries.Any(delivery => delivery is { Required: true, IsPending: true });

    /// <summary>Something is still to be sent to some endpoint.</summary>
    public bool HasWork => Deliveries.Any(delivery => delivery.IsPending);

    /// <summary>The message with one or several of its deliveries changed.</summary>
    public Notification With(IEnumerable<EndpointDelivery> changed)
    {
        var byId = changed.ToDictionary(delivery => delivery.DeliveryId);
        EndpointDelivery[] all = [.. Deliveries.Select(delivery => byId.GetValueOrDefault(delivery.DeliveryId, delivery))];
        return Sum(all, all.FirstOrDefault(delivery => byId.ContainsKey(delivery.DeliveryId) && delivery.LastError is not null));
    }

    /// <summary>The message with these deliveries in place of its own.</summary>
    public Notification To(IReadOnlyList<EndpointDelivery> deliveries) => Sum(deliveries, null);

    private Notification Sum(IReadOnlyList<EndpointDelivery> all, EndpointDelivery? lastFailed)
    {
        var pending = all.Where(delivery => delivery.IsPending).ToList();
        return this with
        {
            Endpoints = all,
            Attempts = all.Sum(delivery => delivery.Attempts),
            InFlight = pending.Any(delivery => delivery.InFlight),
            NoEndpoint = pending.Count > 0 && pending.All(delivery => delivery is { NoEndpoint: true, InFlight: false }),
            NextAttemptAt = pending.Min(delivery => delivery.NextAttemptAt),
            DeliveredAt = DeliveredAt ?? all.Where(delivery => delivery.Required).Min(delivery => delivery.DeliveredAt),
            LastError = (lastFailed ?? all.LastOrDefault(delivery => delivery.LastError is not null))?.LastError,
        };
    }
}

/// <summary>Why a message is sent.</summary>
public enum NotificationKind
{
    Opened,
    Escalated,
    Reminder,
    Cured,
}

/// <summary>A delivery id, the revision that it spoke of, and the hash of its body.</summary>
public sealed record PastDelivery(string DeliveryId, int Revision, string? BodySha256 = null);

/// <summary>Who acknowledged, and what is being done about it.</summary>
/// <param name="By">The authenticated caller.</param>
/// <param name="OnBehalfOf">Whom the caller named.</param>
public sealed record Acknowledgement(
    string By,
    string? OnBehalfOf,
    string? Comment,
    Disposition? Disposition,
    string? DeliveryId,
    int Revision,
    DateTimeOffset At);

/// <summary>Reminders, repeats and further steps of an escalation wait.</summary>
public sealed record Snooze(string By, string Reason, DateTimeOffset Until, DateTimeOffset At);

/// <summary>Somebody is to deal with an alert.</summary>
/// <param name="To">Who.</param>
/// <param name="By">The caller who said so.</param>
public sealed record Assignment(string To, string By, string Reason, DateTimeOffset Until, DateTimeOffset At);

/// <summary>What the risk manager does about a breach.</summary>
public enum Disposition
{
    Seen,
    Reducing,
    WaiverRequested,
    DataError,
}

/// <summary>When each station passed the alert on. The first is the source's clock, the others the monitor's, in milliseconds.</summary>
public sealed record LatencyReceipt(
    SourceTime? Committed,
    DateTimeOffset? IngestedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AnalysedAt,
    DateTimeOffset? FirstAttemptAt,
    DateTimeOffset? DeliveredAt);

/// <summary>What an analyst makes of a breach.</summary>
/// <param name="Text">A readable conclusion, written from aggregates only.</param>
/// <param name="Json">Figures and drivers, a JSON object.</param>
/// <param name="Source"><c>llm</c>, <c>rules</c>, or <c>none</c> where no analyst could write one.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.Analysis")]
public sealed record Analysis(
    [property: Id(0)] string Text,
    [property: Id(1)] string Json,
    [property: Id(2)] string Source)
{
    /// <summary>Stands in for an analysis that failed: the alert must not wait for one.</summary>
    public static Analysis Failed(EpisodeReport report) => new(
        $"The breach of '{report.Desk}' could not be analysed, because the analyst failed; the figures are those of the alert itself.",
        """{"problem":"the analyst failed"}""",
        "none");
}

/// <summary>One step in an alert's life, for its history.</summary>
/// <param name="Kind">opened, escalated, cured, analysed, attempt_failed, delivered, redelivered, acknowledged, snoozed, assigned, operator_notified, dead_letter, replayed, suppressed.</param>
public sealed record AlertEvent(DateTimeOffset At, string Kind, int Revision, string Detail);
