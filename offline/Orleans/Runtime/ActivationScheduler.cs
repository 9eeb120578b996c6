namespace Orleans.Offline;

/// <summary>
/// Runs the turns of one activation, one at a time, on the thread pool. Continuations of awaits inside the grain come
/// back here because the scheduler is their <see cref="TaskScheduler.Current"/>.
/// </summary>
internal sealed class ActivationScheduler(Activation owner) : TaskScheduler, IThreadPoolWorkItem
{
    // After so many turns another activation gets the thread.
    private const int TurnsPerSlice = 64;

    private readonly Queue<object> _turns = new();
    private bool _queued;
    private bool _dead;

    /// <summary>Guards the turns and, so that a call costs one lock, the request lists of the activation.</summary>
    internal Lock Gate { get; } = new();

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        var previous = Activation.Enter(owner);
        try
        {
            for (var turn = 0; turn < TurnsPerSlice; turn++)
            {
                object? next;
                lock (Gate)
                {
                    if (_dead || !_turns.TryDequeue(out next))
                    {
                        _queued = false;
                        return;
                    }
                }

                // The task is made here, not where the turn was asked for: the caller's execution context stays outside.
                if (next is Task task)
                {
                    TryExecuteTask(task);
                }
                else
                {
                    new Task((Action)next).RunSynchronously(this);
                }
            }
        }
        finally
        {
            Activation.Enter(previous);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Runs an action as a turn.</summary>
    internal void Run(Action turn) => Enqueue(turn);

    /// <summary>Adds a turn while the caller holds <see cref="Gate"/>; true tells it to call <see cref="Wake"/> after the lock.</summary>
    internal bool AddLocked(object turn)
    {
        if (_dead)
        {
            return false;
        }

        _turns.Enqueue(turn);
        if (_queued)
        {
            return false;
        }

        return _queued = true;
    }

    internal void Wake() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);

    /// <summary>No turn runs after this one: what a killed silo had begun never goes on.</summary>
    internal void Die()
    {
        lock (Gate)
        {
            _dead = true;
            _turns.Clear();
        }
    }

    protected override void QueueTask(Task task) => Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Activation.Current == owner && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (Gate)
        {
            return _turns.OfType<Task>().ToArray();
        }
    }

    private void Enqueue(object turn)
    {
        bool wake;
        lock (Gate)
        {
            wake = AddLocked(turn);
        }

        if (wake)
        {
            Wake();
        }
    }
}
