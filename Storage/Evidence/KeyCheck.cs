using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>
/// Finds chains that take the place of those with the current key. Who may write the database and has no key could go on with a chain that has none: with entries of later
/// versions of rows, or with entries that bear old times.
/// </summary>
internal sealed class KeyCheck(EvidenceKeys keys)
{
    /// <summary>Of each chain its first entry, and the last one that records more than the heads of other chains.</summary>
    private readonly Dictionary<string, (EvidenceEntry First, EvidenceEntry Last)> _chains = new(StringComparer.Ordinal);

    /// <summary>The newest entry of each chain that another chain with a known key names.</summary>
    private readonly Dictionary<string, long> _named = new(StringComparer.Ordinal);

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
    }

    /// <param name="entry">The entry that names a head.</param>
    public void OnNamed(EvidenceEntry entry, EvidenceHead head)
    {
        if (entry.Chain != head.Chain && EvidenceKeys.IdOfChain(entry.Chain) is not null && entry.IsSound)
        {
            _named[head.Chain] = Math.Max(_named.GetValueOrDefault(head.Chain), head.Sequence);
        }
    }

    /// <param name="upgrade">How long after the first chain of the current key others may have gone on.</param>
    public void Run(EvidenceFindings findings, TimeSpan upgrade)
    {
        if (keys.CurrentId is not { } current || _chains.Count == 0)
        {
            return;
        }

        var own = _chains.Where(chain => EvidenceKeys.IdOfChain(chain.Key) == current).Select(chain => chain.Value).ToList();
        if (own.Count == 0)
        {
            findings.Add(
                EvidenceProblems.OtherKey, null, null, null, null, $"no chain was made with the key {current}: nothing was written since it was set, or the chains were removed");
            return;
        }

        var began = own.Min(chain => chain.First.At);
        var until = began > DateTimeOffset.MaxValue - upgrade ? DateTimeOffset.MaxValue : began + upgrade;
        var isOver = own.Max(chain => chain.Last.At) >= until;
        foreach (var (chain, (_, last)) in _chains.Where(chain => EvidenceKeys.IdOfChain(chain.Key) != current))
        {
            var made = EvidenceKeys.IdOfChain(chain) is { } id ? $"the chain has the key {id}" : "the chain has no key";
            if (last.At > until)
            {
                findings.Add(EvidenceProblems.OtherKey, chain, last.Sequence, null, null, $"{made}, and went on after chains with the key {current} had begun");
            }
            else if (isOver && last.Sequence > _named.GetValueOrDefault(chain))
            {
                findings.Add(
                    EvidenceProblems.OtherKey, chain, _named.GetValueOrDefault(chain) + 1, null, null, $"{made}, and from this entry on no chain with a key names it: it was lengthened, or made");
            }
        }
    }
}
