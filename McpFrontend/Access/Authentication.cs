namespace RiskMonitor.McpFrontend.Access;

/// <summary>Whether this server asks who comes, for the host that starts it.</summary>
public sealed class Authentication
{
    private readonly UserDirectory _users;

    internal Authentication(UserDirectory users)
    {
        _users = users;
    }

    /// <summary>There are users, tokens are taken, or users are required. Otherwise everybody on this machine is its administrator.</summary>
    public bool IsRequired => _users.IsRequired;

    /// <summary>At least one user or identity provider is configured.</summary>
    public bool HasUsers => _users.HasUsers;

    /// <summary>Reads the users for the first time.</summary>
    /// <exception cref="InvalidOperationException">The users of table and configuration contradict each other; the message says what to change.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => _users.PrepareAsync(cancellationToken);
}
