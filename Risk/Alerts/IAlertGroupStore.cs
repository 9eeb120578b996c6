namespace RiskMonitor.Risk.Alerts;

/// <summary>Stores which alerts a list told of, so that the page that its link opens acknowledges exactly those.</summary>
public interface IAlertGroupStore
{
    /// <summary>Stores a list before it is posted. Lists whose links have expired are removed.</summary>
    Task SaveAsync(AlertGroup group, CancellationToken cancellationToken);

    /// <returns>Null for an unknown id.</returns>
    Task<AlertGroup?> FindAsync(string groupId, CancellationToken cancellationToken);

    /// <summary>The alerts of a list as they are now; those that cannot be read are left out.</summary>
    Task<IReadOnlyDictionary<Guid, Alert>> CurrentAsync(AlertGroup group, CancellationToken cancellationToken);
}

/// <summary>A message that told an endpoint of several alerts. It never changes.</summary>
/// <param name="ExpiresAt">When its link ends.</param>
public sealed record AlertGroup(string GroupId, string Endpoint, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, IReadOnlyList<GroupedAlert> Alerts)
{
    public const string IdPrefix = "grp_";
}

/// <summary>An alert of a list, with the revision and the delivery that the list stands for.</summary>
/// <param name="NeedsAck">False where the list says that the breach is over.</param>
public sealed record GroupedAlert(Guid AlertId, int Revision, string DeliveryId, string Desk, bool NeedsAck);
