namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// The permits of calls that are answered at a time. One user holds only a share of them, a quarter is kept for users who hold few, and of those who
/// wait the user with the fewest permits is served first: users who take all they can get, alone or together, cannot keep other users out.
/// </summary>
internal sealed class PermitPool(RateLimitOptions options)
{
    /// <summary>The part of all permits that only users with few can get.</summary>
    private const int ReservedPart = 4;

    /// <summary>The part of all permits up to which a user holds few.</summary>
    private const int FewPart = 32;

    private readonly int _shared = options.MostInFlight - (options.MostInFlight / ReservedPart);
    private readonly int _few = Math.Max(1, options.MostInFlight / FewPart);
    private readonly int _mostPerUser = Math.Min(options.MostInFlightPerUser, options.MostInFlight);
    private readonly int _mostWaitingPerUser = Math.Min(options.MostInFlightPerUser, options.MostWaiting);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly HashSet<User> _waitingUsers = [];
    private int _held;
    private int _waiting;
    private long _lastNumber;

    /// <returns>Null where the user would have to wait for a permit.</returns>
    public Permit? TryAcquire(string user)
    {
        lock (_lock)
        {
            return TryAcquire(Of(user));
        }
    }

    /// <summary>Takes a permit for a user, waiting for one if need be.</summary>
    /// <returns>Null where none was free until <paramref name="giveUp"/>, or too many wait already.</returns>
    public async Task<Permit?> TakeAsync(string user, CancellationToken giveUp)
    {
        Waiter waiter;
        lock (_lock)
        {
            var of = Of(user);
            if (TryAcquire(of) is { } permit)
            {
                return permit;
            }

            if (!HasRoom(of))
            {
                ForgetIdle(of);
                return null;
            }

            waiter = new Waiter(of, ++_lastNumber);
            of.Waiting.AddLast(waiter.Node);
            _waitingUsers.Add(of);
            _waiting++;
        }

        await using var registration = giveUp.UnsafeRegister(_ => Dismiss(waiter), null);
        return await waiter.Permit.Task;
    }

    /// <summary>A user who may have a permit never waits for one, because a returned permit is given to the waiting users at once.</summary>
    private Permit? TryAcquire(User user) => user.Waiting.Count == 0 && MayAcquire(user) ? Give(user) : null;

    private User Of(string name)
    {
        if (!_users.TryGetValue(name, out var user))
        {
            _users[name] = user = new User(name);
        }

        return user;
    }

    private bool MayAcquire(User user) => user.Held < _mostPerUser && (_held < _shared || (_held < options.MostInFlight && user.Held < _few));

    private Permit Give(User user)
    {
        user.Held++;
        _held++;
        return new Permit(this, user);
    }

    /// <summary>Where the queue is full, the newest call of the user who has the most in it makes room for a user who has fewer.</summary>
    private bool HasRoom(User user)
    {
        if (user.Waiting.Count >= _mostWaitingPerUser)
        {
            return false;
        }

        if (_waiting < options.MostWaiting)
        {
            return true;
        }

        var greediest = _waitingUsers.MaxBy(other => other.Waiting.Count);
        if (greediest is null || greediest.Waiting.Count <= user.Waiting.Count + 1)
        {
            return false;
        }

        Remove(greediest.Waiting.Last!.Value).Permit.SetResult(null);
        return true;
    }

    private void Dismiss(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is not null)
            {
                Remove(waiter).Permit.SetResult(null);
                ForgetIdle(waiter.User);
            }
        }
    }

    private Waiter Remove(Waiter waiter)
    {
        waiter.User.Waiting.Remove(waiter.Node);
        _waiting--;
        if (waiter.User.Waiting.Count == 0)
        {
            _waitingUsers.Remove(waiter.User);
        }

        return waiter;
    }

    private void GiveBack(User user)
    {
        lock (_lock)
        {
            user.Held--;
            _held--;
            while (_waiting > 0 && _waitingUsers.Where(MayAcquire).MinBy(other => (other.Held, other.Waiting.First!.Value.Number)) is { } next)
            {
                Remove(next.Waiting.First!.Value).Permit.SetResult(Give(next));
            }

            ForgetIdle(user);
        }
    }

    /// <summary>Users come and go; who neither holds a permit nor waits for one takes no memory.</summary>
    private void ForgetIdle(User user)
    {
        if (user is { Held: 0, Waiting.Count: 0 })
        {
            _users.Remove(user.Name);
        }
    }

    /// <summary>A permit, held until it is disposed, once.</summary>
    public sealed class Permit : IDisposable
    {
        private readonly PermitPool _pool;
        private User? _user;

        internal Permit(PermitPool pool, User user) => (_pool, _user) = (pool, user);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _user, null) is { } user)
            {
                _pool.GiveBack(user);
            }
        }
    }

    internal sealed class User(string name)
    {
        public string Name { get; } = name;

        public int Held { get; set; }

        public LinkedList<Waiter> Waiting { get; } = new();
    }

    internal sealed class Waiter
    {
        public Waiter(User user, long number)
        {
            (User, Number) = (user, number);
            Node = new LinkedListNode<Waiter>(this);
        }

        public User User { get; }

        /// <summary>Lower for those who have waited longer.</summary>
        public long Number { get; }

        public LinkedListNode<Waiter> Node { get; }

        public TaskCompletionSource<Permit?> Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
