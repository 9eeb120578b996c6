namespace RiskMonitor.Risk.Access;

/// <summary>Who called what, and the outcome.</summary>
public interface IAuditLog
{
    Task AddAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>Newest first; null: of any user, of any tool.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAsync(string? user, string? tool, int atMost, CancellationToken cancellationToken);

    /// <summary>Removes some of the entries older than an instant.</summary>
    /// <returns>How many; 0 when none are left.</returns>
    Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>One call, or several calls within a short time that were refused for the same reason.</summary>
/// <param name="User">Null where the caller was unknown.</param>
/// <param name="Address">The network address of the client; null where there is none.</param>
/// <param name="Channel">http, mcp (also over stdio), console or question.</param>
/// <param name="Tool">The use case, or what was asked for where none was reached.</param>
/// <param name="Scope">The desks that the user may see, shortened where there are many.</param>
/// <param name="Outcome">ok, cancelled, an error code; or <see cref="Begun"/>, before a change: a second entry with the same request id has the outcome.</param>
/// <param name="Arguments">Names of the arguments given, never their values; for what is not there, the name that was asked for.</param>
/// <param name="Desk">The desk asked for.</param>
/// <param name="Calls">How many calls this entry stands for; the other fields are those of the first.</param>
public sealed record AuditEntry(
    DateTimeOffset At,
    string? User,
    string? Address,
    string Channel,
    string Tool,
    string? Scope,
    string? Clearance,
    string Outcome,
    string RequestId,
    TimeSpan Took,
    string Arguments,
    string? Desk,
    long Calls = 1)
{
    /// <summary>The outcome of a call that is about to change something.</summary>
    public const string Begun = "begun";
}
