namespace RiskMonitor.UseCases.Calls;

/// <summary>The audit log (<c>Audit:…</c>).</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How long entries are kept.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Entries are written together, this often; as much is lost when the process is killed.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Entries that wait to be written; more are dropped and counted, because no call waits for its entry.</summary>
    public int MostWaiting { get; set; } = 20_000;
}
