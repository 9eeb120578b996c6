using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>
/// Finds chains that take the place of those with the current key. Who may write the database and has no key could go on with a chain that has none: with entries of later
/// versions of rows, or with entries that bear old times.
/// </summary>
internal sealed class KeyCheck(EvidenceKeys keys)
{
    /// <summary>Processes name what has moved every hour. A process that has written for longer than this after others had to stop has named what they wrote.</summary>
    private static readonly TimeSpan s_namedWithin = TimeSpan.FromHours(2);

    /// <summary>Of each chain its first entry, and the last one that records more than the heads of other chains.</summary>
    private readonly Dictionary<string, (EvidenceEntry First, EvidenceEntry Last)> _chains = new(StringComparer.Ordinal);

    /// <summary>When entries with each known key named heads, whichever these were.</summary>
    private readonly Dictionary<string, List<DateTimeOffset>> _namings = new(StringComparer.Ordinal);

    /// <summary>Heads of chains without the current key, and the sound entries with a key that name them.</summary>
    private readonly List<(EvidenceHead Head, string By, long Sequence, DateTimeOffset At)> _named = [];

    /// <summary>How far retention has removed chains, as entries with the current key say.</summary>
    private readonly Dictionary<string, long> _pruned = new(StringComparer.Ordinal);

    /// <summary>Adds an entry; those of a chain come in their order.</summary>
    public void Next(EvidenceEntry entry)
    {
        if (!_chains.TryGetValue(entry.Chain, out var known))
        {
            _chains.Add(entry.Chain, (entry, entry));
        }
        else if (entry.Kind != EvidenceKinds.Heads)
        {
            _chains[entry.Chain] = (known.First, entry);
        }

        if (entry.Kind is EvidenceKinds.Opened or EvidenceKinds.Heads && EvidenceKeys.IdOfChain(entry.Chain) is { } id && entry.IsSound)
        {
            if (!_namings.TryGetValue(id, out var times))
            {
                _namings.Add(id, times = []);
            }

            times.Add(entry.At);
        }
    }

    /// <param name="entry">The entry that names a head.</param>
    public void OnNamed(EvidenceEntry entry, EvidenceHead head)
    {
        if (entry.Chain != head.Chain && EvidenceKeys.IdOfChain(head.Chain) != keys.CurrentId && EvidenceKeys.IdOfChain(entry.Chain) is not null && entry.IsSound)
        {
            _named.Add((head, entry.Chain, entry.Sequence, entry.At));
        }
    }

    /// <param name="entry">The entry that says so.</param>
    /// <param name="last">The last entry that retention removed.</param>
    public void OnPruned(EvidenceEntry entry, EvidenceHead last)
    {
        if (keys.CurrentId is { } current && EvidenceKeys.IdOfChain(entry.Chain) == current && entry.IsSound)
        {
            _pruned[last.Chain] = Math.Max(_pruned.GetValueOrDefault(last.Chain), last.Sequence);
        }
    }

    /// <param name="upgrade">How long after the first chain of a key others may have gone on.</param>
    /// <param name="hasRows">There are rows that entries would record.</param>
    public async Task RunAsync(DbSession db, EvidenceFindings findings, TimeSpan upgrade, bool hasRows)
    {
        if (keys.CurrentId is not { } current || (_chains.Count == 0 && !hasRows))
        {
            return;
        }

        if (!_chains.Keys.Any(chain => EvidenceKeys.IdOfChain(chain) == current))
        {
            findings.Add(
                EvidenceProblems.OtherKey, null, null, null, null, $"no chain was made with the key {current}: nothing was written since it was set, or the chains were removed");
            return;
        }

        var epochs = new Dictionary<string, (DateTimeOffset Until, DateTimeOffset? Closed)>(StringComparer.Ordinal);
        foreach (var id in _chains.Keys.Where(keys.Knows).Select(EvidenceKeys.IdOfChain).OfType<string>().Distinct())
        {
            epochs.Add(id, await EpochAsync(db, id, upgrade));
        }

        var (until, closed) = epochs[current];
        var known = NamedInTime(current, epochs);
        foreach (var (chain, (first, last)) in _chains.Where(chain => EvidenceKeys.IdOfChain(chain.Key) != current))
        {
            if (first.Sequence > 1 && first.Sequence <= _pruned.GetValueOrDefault(chain) + 1)
            {
                // Retention has removed the chain but for its newest entry, and may have removed what named it.
                continue;
            }

            var made = EvidenceKeys.IdOfChain(chain) is { } id ? $"the chain has the key {id}" : "the chain has no key";
            if (last.At > until)
            {
                findings.Add(EvidenceProblems.OtherKey, chain, last.Sequence, null, null, $"{made}, and went on after chains with the key {current} had begun");
            }
            else if (closed is not null && last.Sequence > known.GetValueOrDefault(chain))
            {
                findings.Add(
                    EvidenceProblems.OtherKey, chain, known.GetValueOrDefault(chain) + 1, null, null,
                    $"{made}, and from this entry on no chain with a later key named it when that key was new: it was lengthened, or made, afterwards");
            }
        }
    }

    /// <summary>
    /// Until when chains of other keys may have gone on beside those of a key, and when these have named what the others wrote: with the first heads that one of them names after
    /// that. Heads that are named later prove nothing: whoever may write the database could have made their chain meanwhile.
    /// </summary>
    private async Task<(DateTimeOffset Until, DateTimeOffset? Closed)> EpochAsync(DbSession db, string id, TimeSpan upgrade)
    {
        var began = _chains.Where(chain => EvidenceKeys.IdOfChain(chain.Key) == id).Min(chain => chain.Value.First.At);
        if (began > DateTimeOffset.MaxValue - upgrade - s_namedWithin)
        {
            return (DateTimeOffset.MaxValue, null);
        }

        var until = began + upgrade;
        var named = _namings.GetValueOrDefault(id, []).Where(at => at >= until).Select(at => (DateTimeOffset?)at).Min();

        // Where nothing else moves a process names nothing, until somebody makes a chain.
        var wrote = await db.ScalarAsync<long?>(
            "SELECT min(at) FROM evidence WHERE at >= @Later AND chain LIKE @OfKey", new { Later = (until + s_namedWithin).Stored(), OfKey = $"%.{id}" });
        var later = wrote is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
        return (until, named is null || later < named ? later : named);
    }

    /// <summary>
    /// Of each chain without the current key the newest entry that was named in time, by an entry that can be trusted: one with the current key, or with an older one and itself
    /// named in time. An older key may be known to others, which can be why it was replaced.
    /// </summary>
    private Dictionary<string, long> NamedInTime(string current, Dictionary<string, (DateTimeOffset Until, DateTimeOffset? Closed)> epochs)
    {
        var inTime = _named.Where(name => !(name.At > epochs[EvidenceKeys.IdOfChain(name.By)!].Closed)).ToList();
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        bool hasGrown;
        do
        {
            hasGrown = false;
            foreach (var (head, by, sequence, _) in inTime)
            {
                var isTrusted = EvidenceKeys.IdOfChain(by) == current || sequence <= known.GetValueOrDefault(by);
                if (isTrusted && head.Sequence > known.GetValueOrDefault(head.Chain))
                {
                    known[head.Chain] = head.Sequence;
                    hasGrown = true;
                }
            }
        }
        while (hasGrown);
        return known;
    }
}
