namespace RiskMonitor.Host.Starting;

/// <summary>Where a process of a cluster is between its start and its end.</summary>
internal sealed class ProcessState
{
    private const string Stopping = "stopping";

    private volatile string? _reason = "starting";

    /// <summary>Why requests are not answered now; null: they are.</summary>
    public string? NotServing => _reason;

    public bool IsStopping => _reason is Stopping;

    /// <param name="what">What the start waits for, such as <c>waiting for MySQL</c>.</param>
    public void IsDoing(string what)
    {
        if (_reason is not Stopping)
        {
            _reason = what;
        }
    }

    public void HasStarted()
    {
        if (_reason is not Stopping)
        {
            _reason = null;
        }
    }

    public void BeginStopping() => _reason = Stopping;
}
