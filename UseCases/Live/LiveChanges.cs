namespace RiskMonitor.UseCases.Live;

/// <summary>
/// Tells what runs in this frontend that desks or alerts have changed, so that it reads them now and not at its next interval. Calls can be lost, and
/// whoever listens reads at an interval as well.
/// </summary>
public sealed class LiveChanges
{
    /// <summary>Desks have new figures; the handler returns at once.</summary>
    public event Action<IReadOnlyList<string>>? DesksChanged;

    /// <summary>Alerts have new events; the handler returns at once.</summary>
    public event Action<IReadOnlyList<Guid>>? AlertsChanged;

    public void OnChanged(IReadOnlyList<string> desks, IReadOnlyList<Guid> alerts)
    {
        if (desks.Count > 0)
        {
            DesksChanged?.Invoke(desks);
        }

        if (alerts.Count > 0)
        {
            AlertsChanged?.Invoke(alerts);
        }
    }
}
