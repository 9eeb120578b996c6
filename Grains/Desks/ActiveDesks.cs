using System.Collections.Concurrent;
using Orleans.Runtime;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Grains.Desks;

/// <summary>An activation of a desk, seen from outside of its turns.</summary>
internal sealed record ActiveDesk(string Desk, IDeskJournalWriter Writer, IGrainContext Context);

/// <summary>The desks of this silo that are active and can be read.</summary>
internal sealed class ActiveDesks
{
    private readonly ConcurrentDictionary<string, ActiveDesk> _desks = new(StringComparer.Ordinal);

    public IReadOnlyCollection<ActiveDesk> Now => [.. _desks.Values];

    /// <summary>Takes the place of an earlier activation that has not ended yet.</summary>
    public void Add(ActiveDesk activation) => _desks[activation.Desk] = activation;

    /// <summary>Leaves a later activation of the desk alone.</summary>
    public void Remove(ActiveDesk activation) => _desks.TryRemove(new KeyValuePair<string, ActiveDesk>(activation.Desk, activation));
}
