using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>The silos of one cluster, all of them in this process, and the directory of their activations.</summary>
internal sealed class LocalCluster
{
    // A request that was sent on more often than this meets a grain that never stays.
    private const int MaxForwards = 2;

    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new();
    private volatile Silo[] _silos = [];
    private int _next;

    internal event Action? SilosChanged;

    internal IEnumerable<Activation> Activations => _directory.Select(entry => entry.Value);

    internal IReadOnlyList<Silo> Silos => _silos;

    internal MemoryTables Memory { get; } = new();

    internal Reminders.MemoryReminders Reminders { get; } = new();

    internal void Join(Silo silo)
    {
        lock (_directory)
        {
            _silos = [.. _silos, silo];
        }

        SilosChanged?.Invoke();
    }

    internal void Leave(Silo silo)
    {
        lock (_directory)
        {
            _silos = [.. _silos.Where(s => s != silo)];
            Memory.Lose(silo);
            if (_silos.Length == 0)
            {
                Reminders.Clear();
            }
        }

        SilosChanged?.Invoke();
    }

    /// <summary>Brings a request to its activation, which is made if there is none.</summary>
    internal Activation? Deliver(GrainRequest request, Activation? likely)
    {
        if (request.Client.IsStopped)
        {
            request.Answer(new SiloUnavailableException($"The local host is shutting down and can no longer process the request: {request}."));
            return null;
        }

        if (likely?.TryReceive(request) == true)
        {
            return likely;
        }

        while (true)
        {
            if (!_directory.TryGetValue(request.TargetId, out var activation))
            {
                if (Place(request) is not { } placed)
                {
                    return null;
                }

                // The request is there before the activation begins: a failed activation must find whom to tell.
                placed.TryReceive(request);
                if (_directory.TryAdd(request.TargetId, placed))
                {
                    placed.Silo.Begin(placed);
                    return placed;
                }

                placed.Forget(request);
                continue;
            }

            if (activation.TryReceive(request))
            {
                return activation;
            }

            Remove(activation);
        }
    }

    /// <summary>Sends a request of an activation that went away to the next one.</summary>
    internal void Forward(GrainRequest request)
    {
        if (request.IsAnswered)
        {
            return;
        }

        if (++request.Forwards > MaxForwards)
        {
            request.Answer(new OrleansMessageRejectionException($"Forwarding failed: tried to forward message {request} for {request.Forwards} times."));
            return;
        }

        Deliver(request, likely: null);
    }

    internal void Remove(Activation activation) => _directory.TryRemove(new(activation.GrainId, activation));

    internal bool TryGet(GrainId grainId, out Activation? activation) => _directory.TryGetValue(grainId, out activation);

    private Activation? Place(GrainRequest request)
    {
        GrainClass grainClass;
        try
        {
            grainClass = GrainClassMap.Get(request.TargetId.Type);
        }
        catch (Exception exception)
        {
            request.Answer(exception);
            return null;
        }

        var silos = _silos;
        var usable = Array.FindAll(silos, s => s.TakesActivations);
        var caller = request.Caller?.Silo ?? request.Client.Silo;
        var silo = grainClass.PrefersCaller && caller is { TakesActivations: true }
            ? caller
            : usable.Length == 0 ? null : usable[(uint)Interlocked.Increment(ref _next) % (uint)usable.Length];
        if (silo is null)
        {
            request.Answer(new SiloUnavailableException($"No silo is active to run {request}."));
            return null;
        }

        return new Activation(silo, grainClass, request.TargetId);
    }
}
