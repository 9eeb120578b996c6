using System.Data.Common;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Everybody who has an API key, from the configuration, the users' table and this process itself. The table is kept in memory and read again
/// while it is asked for, so that a request costs no read: a change made by another process holds within <see cref="MostAge"/>, one made by
/// this process at once.
/// </summary>
internal sealed partial class UserDirectory(
    IUserStore store, IEnumerable<ProcessUser> processUsers, IOptions<AccessOptions> options, TimeProvider time, ILogger<UserDirectory> logger) : IFixedUsers
{
    /// <summary>After this long the table is read again beside the requests.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromSeconds(1);

    /// <summary>After this long requests wait for it.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(5);

    /// <summary>An unknown key may be newer than the copy, so the table is read again for it, but at most this often: invented keys must not cause reads.</summary>
    private static readonly TimeSpan s_leastAge = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a request waits for the table.</summary>
    private static readonly TimeSpan s_readTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private volatile Copy? _copy;
    private Task<Copy>? _reading;
    private bool _isFailing;

    /// <summary>Whether requests need credentials.</summary>
    /// <exception cref="RequestException">The table cannot be read.</exception>
    public async ValueTask<bool> IsRequiredAsync(CancellationToken cancellationToken) => IsConfigured || (await CurrentAsync(MostAge, cancellationToken)).HadUsers;

    /// <summary>The same as far as known, without a look at the table.</summary>
    public bool IsRequired => IsConfigured || _copy is { HadUsers: true };

    /// <returns>Null where the key belongs to no user, or was revoked.</returns>
    /// <exception cref="RequestException">The table cannot be read.</exception>
    public async ValueTask<Caller?> FindAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var user = Find(await CurrentAsync(MostAge, cancellationToken), key) ?? Find(await CurrentAsync(s_leastAge, cancellationToken), key);
        // An unknown id is compared too, so that it takes no less time than a wrong secret.
        return (user?.Key ?? KeyHash.Unmatched).IsOf(key) ? user?.Caller : null;
    }

    /// <summary>The user of a key that was checked before, with the rights of now.</summary>
    /// <returns>Null where the key belongs to no user any more.</returns>
    /// <exception cref="RequestException">The table cannot be read.</exception>
    public async ValueTask<Caller?> FindByKeyIdAsync(string keyId, CancellationToken cancellationToken) =>
        (await CurrentAsync(MostAge, cancellationToken)).ByKeyId.GetValueOrDefault(keyId)?.Caller;

    /// <summary>Whether one who came in would come in still: for what goes on long after the request that began it.</summary>
    /// <exception cref="RequestException">The table cannot be read.</exception>
    public async ValueTask<bool> IsInForceAsync(Caller caller, CancellationToken cancellationToken) =>
        caller.KeyId is { } keyId ? (await CurrentAsync(MostAge, cancellationToken)).ByKeyId.ContainsKey(keyId)
        : caller.Until is { } until ? time.GetUtcNow() < until
        : !await IsRequiredAsync(cancellationToken);

    /// <summary>Whether there is a key of that id, be its secret what it may.</summary>
    public bool Knows(ApiKey key) => _copy is { } copy && Find(copy, key) is not null;

    /// <exception cref="InvalidOperationException">A name is both in the table and in the configuration.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // A start may take as long as a busy machine needs.
        var copy = await ReadOnceAsync().WaitAsync(cancellationToken);
        if (copy.NamedTwice.Count > 0)
        {
            throw new InvalidOperationException(
                $"the users' table has {string.Join(", ", copy.NamedTwice.Select(name => $"'{name}'"))}, and so has {AccessOptions.Section}:Users, or the monitor itself goes by that name; "
                + "revoke the user of the table (./run users revoke NAME), or take the name out of the configuration");
        }
    }

    public IReadOnlyCollection<string> Names => [.. options.Value.Users.Select(user => user.Name), .. processUsers.Select(process => process.User.Name)];

    /// <summary>A user exists, or did exist.</summary>
    public bool HasUsers => NamesUsers || _copy is { HadUsers: true };

    private bool IsConfigured => options.Value.RequireUsers || NamesUsers;

    /// <summary>The configuration names users, or who vouches for them.</summary>
    private bool NamesUsers => options.Value is { } access && (access.Users.Count > 0 || access.Jwt.IsConfigured || access.OpenId.IsConfigured);

    private static Known? Find(Copy copy, ApiKey key) => copy.ByKeyId.GetValueOrDefault(key.Id);

    private ValueTask<Copy> CurrentAsync(TimeSpan mostAge, CancellationToken cancellationToken)
    {
        if (_copy is { } copy && copy.Changes == store.Changes)
        {
            var age = time.GetElapsedTime(copy.ReadAt);
            if (age < mostAge)
            {
                if (age >= UsualAge)
                {
                    // Requests that come once the copy is too old get this error.
                    _ = ReadOnceAsync();
                }

                return ValueTask.FromResult(copy);
            }
        }

        return new ValueTask<Copy>(WaitAsync(ReadOnceAsync(), cancellationToken));
    }

    private async Task<Copy> WaitAsync(Task<Copy> reading, CancellationToken cancellationToken)
    {
        try
        {
            return await reading.WaitAsync(s_readTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException or InvalidDataException or TimeoutException)
        {
            throw new RequestException(RequestError.Unavailable, "it cannot be found out just now who you are; ask again", inner: exception);
        }
    }

    private Task<Copy> ReadOnceAsync()
    {
        lock (_lock)
        {
            return _reading is { IsCompleted: false } ? _reading : _reading = ReadAsync();
        }
    }

    private async Task<Copy> ReadAsync()
    {
        try
        {
            // Counted before the reading: what changes meanwhile makes this copy old.
            var (changes, readAt) = (store.Changes, time.GetTimestamp());
            var copy = Compose(await store.ListAsync(CancellationToken.None), changes, readAt);
            _isFailing = false;
            return _copy = copy;
        }
        catch (Exception exception)
        {
            if (!_isFailing)
            {
                LogTableUnread(exception);
            }

            _isFailing = true;
            throw;
        }
    }

    private Copy Compose(IReadOnlyList<StoredUser> table, long changes, long readAt)
    {
        var users = options.Value.Users.Select(configured => configured.Read()).Select(read => new Known(read.User, read.Key)).ToList();
        users.AddRange(processUsers.Select(process => new Known(process.User, process.Key)));
        var names = users.Select(known => known.Caller.User).ToList();
        var inForce = table.Where(stored => stored.RevokedAt is null).ToList();
        var twice = inForce.Select(stored => stored.User.Name).Where(IsTaken).ToList();
        foreach (var name in twice.Where(name => _copy?.NamedTwice.Contains(name) != true))
        {
            LogNamedTwice(name);
        }

        users.AddRange(inForce.Where(stored => !IsTaken(stored.User.Name)).Select(stored => new Known(stored.User, stored.Key)));
        var byKeyId = users.DistinctBy(known => known.Key.KeyId).ToDictionary(known => known.Key.KeyId, StringComparer.Ordinal);
        return new Copy(byKeyId, table.Count > 0, twice, changes, readAt);

        bool IsTaken(string name) => names.Any(taken => UserName.Resemble(taken, name));
    }

    private sealed class Known(RiskUser user, KeyHash key)
    {
        public Caller Caller { get; } = Caller.Of(user) with { KeyId = key.KeyId };

        public KeyHash Key => key;
    }

    /// <param name="HadUsers">The table has, or once had, a user. Revoking the last one must not open the door to everybody.</param>
    /// <param name="NamedTwice">Users of the table who do not count, because the configuration has their names.</param>
    private sealed record Copy(IReadOnlyDictionary<string, Known> ByKeyId, bool HadUsers, IReadOnlyList<string> NamedTwice, long Changes, long ReadAt);
}
