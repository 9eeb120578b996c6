using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.UseCases.Tests.World;

/// <content>The delivery log as the alerts have it, and endpoints and lists in memory.</content>
internal sealed partial class Book : IDeliveryLog, IEndpointStore, IAlertGroupStore
{
    private readonly Dictionary<string, AlertGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredEndpoint> _endpoints = new(StringComparer.Ordinal);

    public Task<DeliveryPage> ListAsync(DeliveryFilter filter, DeliveryCursor? after, int pageSize, CancellationToken cancellationToken)
    {
        var rows = _alerts.Values.Select(entry => entry.Alert)
            .SelectMany(alert => alert.Messages.SelectMany(message => message.Deliveries, (message, delivery) => Row(alert, message, delivery)))
            .Where(row => (filter.AlertId is null || row.AlertId == filter.AlertId)
                && (filter.Endpoint is null || row.Endpoint == filter.Endpoint)
                && (filter.State is null || row.State == filter.State.Value.Name())
                && (filter.Desks is null || filter.Desks.Contains(row.Desk)))
            .OrderByDescending(row => row.CreatedAt).ThenBy(row => row.DeliveryId, StringComparer.Ordinal)
            .ToList();
        var rest = rows.Where(row => after is null || row.CreatedAt < after.CreatedAt || (row.CreatedAt == after.CreatedAt && string.CompareOrdinal(row.DeliveryId, after.DeliveryId) > 0)).ToList();
        var page = rest.Take(pageSize).ToList();
        return Task.FromResult(new DeliveryPage(page, rows.Count, rest.Count > pageSize ? new DeliveryCursor(page[^1].CreatedAt, page[^1].DeliveryId) : null));
    }

    Task<IReadOnlyList<StoredEndpoint>> IEndpointStore.ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredEndpoint>>([.. _endpoints.Values.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)]);

    Task<StoredEndpoint> IEndpointStore.PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken)
    {
        DemandVersion(endpoint.Name, endpoint.Version);
        return Task.FromResult(_endpoints[endpoint.Name] = endpoint with { Version = endpoint.Version + 1 });
    }

    Task IEndpointStore.RemoveAsync(string name, int version, CancellationToken cancellationToken)
    {
        DemandVersion(name, version);
        _endpoints.Remove(name);
        return Task.CompletedTask;
    }

    public Task SaveAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        _groups.Add(group.GroupId, group);
        return Task.CompletedTask;
    }

    public Task<AlertGroup?> FindAsync(string groupId, CancellationToken cancellationToken) => Task.FromResult(_groups.GetValueOrDefault(groupId));

    public Task<IReadOnlyDictionary<Guid, Alert>> CurrentAsync(AlertGroup group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<Guid, Alert>>(_alerts.Values.Select(entry => entry.Alert)
            .Where(alert => group.Alerts.Any(listed => listed.AlertId == alert.AlertId)).ToDictionary(alert => alert.AlertId));

    private void DemandVersion(string name, int version)
    {
        if ((_endpoints.GetValueOrDefault(name)?.Version ?? 0) != version)
        {
            throw new EndpointConflictException(name, version);
        }
    }

    private static LoggedDelivery Row(Alert alert, Notification message, EndpointDelivery delivery) => new(
        delivery.DeliveryId,
        alert.AlertId,
        alert.Desk,
        delivery.Endpoint,
        message.Kind.TypeName(),
        message.Revision,
        delivery.Required,
        delivery.State.Name(),
        delivery.Attempts,
        delivery.NextAttemptAt,
        message.CreatedAt,
        message.CreatedAt,
        delivery.DeliveredAt,
        delivery.LastStatus,
        delivery.LatencyMs,
        delivery.LastError,
        delivery.LastAnswer);
}
