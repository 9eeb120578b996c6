using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.World;

/// <summary>Users' table and audit log in memory.</summary>
internal sealed class Registry : IUserStore, IAuditLog
{
    private readonly Lock _lock = new();
    private readonly List<StoredUser> _users = [];
    private readonly List<AuditEntry> _audit = [];

    public long Changes { get; private set; }

    /// <summary>Called before the users are read; may throw or wait.</summary>
    public Func<Task> BeforeReading { get; set; } = () => Task.CompletedTask;

    /// <summary>Called before the audit log is written; likewise.</summary>
    public Func<Task> BeforeWriting { get; set; } = () => Task.CompletedTask;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AuditEntry> Audit
    {
        get
        {
            lock (_lock)
            {
                return [.. _audit];
            }
        }
    }

    /// <summary>Adds a user.</summary>
    /// <returns>The key, as it is sent.</returns>
    public string Add(string name, Role role = Role.Viewer, Clearance clearance = Clearance.Trader, params string[] desks)
    {
        var key = ApiKey.New();
        AddAsync(new RiskUser(name, role, desks.Length == 0 ? null : desks, clearance), KeyHash.Of(key), "test", CancellationToken.None).GetAwaiter().GetResult();
        return key.Reveal();
    }

    public async Task<IReadOnlyList<StoredUser>> ListAsync(CancellationToken cancellationToken)
    {
        await BeforeReading();
        lock (_lock)
        {
            return [.. _users];
        }
    }

    public Task<StoredUser> AddAsync(RiskUser user, KeyHash key, string by, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_users.Find(stored => stored.RevokedAt is null && UserName.Resemble(stored.User.Name, user.Name)) is { } twin)
            {
                throw new UserExistsException(user.Name, twin.User.Name);
            }

            var stored = new StoredUser(user, key, DateTimeOffset.UtcNow, by);
            _users.Add(stored);
            Changes++;
            return Task.FromResult(stored);
        }
    }

    public Task<StoredUser?> ReplaceAsync(RiskUser user, KeyHash key, string replaced, string by, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!Revoke(stored => stored.User.Name == user.Name && stored.Key.KeyId == replaced, by))
            {
                return Task.FromResult<StoredUser?>(null);
            }

            var added = new StoredUser(user, key, DateTimeOffset.UtcNow, by);
            _users.Add(added);
            return Task.FromResult<StoredUser?>(added);
        }
    }

    public Task<bool> RevokeAsync(string name, string by, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Revoke(stored => stored.User.Name == name, by));
        }
    }

    public Task<bool> RevokeKeyAsync(string keyId, string by, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Revoke(stored => stored.Key.KeyId == keyId, by));
        }
    }

    private bool Revoke(Predicate<StoredUser> which, string by)
    {
        var index = _users.FindIndex(stored => stored.RevokedAt is null && which(stored));
        if (index >= 0)
        {
            _users[index] = _users[index] with { RevokedAt = DateTimeOffset.UtcNow, RevokedBy = by };
            Changes++;
        }

        return index >= 0;
    }

    /// <summary>What another process does to the table: this one is not told.</summary>
    public void AddFromElsewhere(RiskUser user, ApiKey key)
    {
        lock (_lock)
        {
            _users.Add(new StoredUser(user, KeyHash.Of(key), DateTimeOffset.UtcNow, "elsewhere"));
        }
    }

    async Task IAuditLog.AddAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        await BeforeWriting();
        lock (_lock)
        {
            _audit.AddRange(entries);
        }
    }

    Task<IReadOnlyList<AuditEntry>> IAuditLog.ListAsync(string? user, string? tool, int atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IAuditLog.PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_audit.RemoveAll(entry => entry.At < before));
        }
    }
}
