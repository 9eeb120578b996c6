namespace RiskMonitor.Risk.Access;

/// <summary>The table of users. Every process that can write it is an administrator.</summary>
public interface IUserStore
{
    /// <summary>How many changes this process has made: a copy of the table is out of date when this has grown.</summary>
    long Changes { get; }

    /// <summary>All users by name, the revoked ones included.</summary>
    Task<IReadOnlyList<StoredUser>> ListAsync(CancellationToken cancellationToken);

    /// <exception cref="ArgumentException">The user is not right; the message says what to change.</exception>
    /// <exception cref="UserExistsException">There is one of that name, or of one that looks like it.</exception>
    Task<StoredUser> AddAsync(RiskUser user, KeyHash key, string by, CancellationToken cancellationToken);

    /// <summary>Ends a user's key and adds the user with another one, in one step. A key keeps its rights as long as it lives, so that is how rights change, too.</summary>
    /// <param name="replaced">The id of the key that ends.</param>
    /// <returns>Null, and nothing has changed: the user has no such key, or no longer.</returns>
    /// <exception cref="ArgumentException">The user is not right; the message says what to change.</exception>
    Task<StoredUser?> ReplaceAsync(RiskUser user, KeyHash key, string replaced, string by, CancellationToken cancellationToken);

    /// <summary>Ends a user's key for good; the row stays.</summary>
    /// <returns>False when there is no such user, or no longer.</returns>
    Task<bool> RevokeAsync(string name, string by, CancellationToken cancellationToken);

    /// <summary>Ends one key for good; the row stays.</summary>
    /// <returns>False when there is no such key, or no longer.</returns>
    Task<bool> RevokeKeyAsync(string keyId, string by, CancellationToken cancellationToken);
}

/// <summary>A user of the table.</summary>
/// <param name="RevokedAt">Null while the key is valid.</param>
public sealed record StoredUser(RiskUser User, KeyHash Key, DateTimeOffset AddedAt, string AddedBy, DateTimeOffset? RevokedAt = null, string? RevokedBy = null);

/// <summary>The name is taken, or one that looks like it.</summary>
/// <param name="taken">Whose user has it.</param>
public sealed class UserExistsException(string name, string taken) : Exception(string.Equals(name, taken, StringComparison.Ordinal)
    ? $"there is a user '{name}' already; revoke it first to give it another key or other rights, or choose another name"
    : $"there is a user '{taken}' already, who looks like '{name}'; choose a name that cannot be taken for it");
