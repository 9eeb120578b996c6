namespace RiskMonitor.Risk.Alerts;

/// <summary>What a desk's last journal records did to its sums, for those who explain a breach.</summary>
public interface IDeskChanges
{
    /// <summary>The last records, newest first. It ends early at a record that is gone, or too large to be read for this.</summary>
    /// <param name="through">The newest record of interest; those after it are left out.</param>
    Task<IReadOnlyList<DeskChange>> LastAsync(string desk, long through, int atMost, CancellationToken cancellationToken);
}
