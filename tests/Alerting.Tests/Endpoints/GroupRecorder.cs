using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

/// <summary>The lists that were stored.</summary>
internal sealed class GroupRecorder : IAlertGroupStore
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<AlertGroup> _saved = new();

    public IReadOnlyCollection<AlertGroup> Saved => _saved;

    /// <summary>Comes before each list is stored.</summary>
    public Action OnSaving { get; set; } = () => { };

    public Task SaveAsync(AlertGroup group, CancellationToken cancellationToken)
    {
        OnSaving();
        _saved.Enqueue(group);
        return Task.CompletedTask;
    }

    public Task<AlertGroup?> FindAsync(string groupId, CancellationToken cancellationToken) => Task.FromResult(_saved.FirstOrDefault(group => group.GroupId == groupId));

    public Task<IReadOnlyDictionary<Guid, Alert>> CurrentAsync(AlertGroup group, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<Guid, Alert>>(new Dictionary<Guid, Alert>());
}
