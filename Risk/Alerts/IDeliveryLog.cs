namespace RiskMonitor.Risk.Alerts;

/// <summary>The delivery log: what became of each message at each endpoint.</summary>
public interface IDeliveryLog
{
    /// <summary>Newest first by <c>created_at</c>, then by id.</summary>
    Task<DeliveryPage> ListAsync(DeliveryFilter filter, DeliveryCursor? after, int pageSize, CancellationToken cancellationToken);
}

/// <summary>Which deliveries to list; null: any.</summary>
/// <param name="Desks">Only deliveries about alerts of these desks.</param>
public sealed record DeliveryFilter(
    Guid? AlertId = null,
    string? Endpoint = null,
    DeliveryState? State = null,
    IReadOnlyCollection<string>? Desks = null);

/// <summary>The last delivery of a page.</summary>
public sealed record DeliveryCursor(DateTimeOffset CreatedAt, string DeliveryId);

/// <param name="Next">Null on the last page.</param>
public sealed record DeliveryPage(IReadOnlyList<LoggedDelivery> Deliveries, long Total, DeliveryCursor? Next);

/// <summary>A row of the delivery log.</summary>
/// <param name="Kind">The message's event type, such as <c>risk.alert.opened</c>.</param>
/// <param name="ChangedAt">When the row was written last.</param>
public sealed record LoggedDelivery(
    string DeliveryId,
    Guid AlertId,
    string Desk,
    string Endpoint,
    string Kind,
    int Revision,
    bool Required,
    string State,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? DeliveredAt,
    int? LastStatus,
    double? LatencyMs,
    string? LastError,
    string? Answer);
