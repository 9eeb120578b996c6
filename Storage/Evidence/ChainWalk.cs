using RiskMonitor.Risk.Evidence;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Walks the entries of one chain in their order, and finds those that were edited, removed, inserted or moved.</summary>
internal sealed class ChainWalk(string chain, EvidenceFindings findings)
{
    /// <summary>How far from its place the original place of a moved entry is looked for.</summary>
    private const int SearchedAround = 500;

    /// <summary>Entries that stand at another place than where they were written.</summary>
    private readonly List<(long Sequence, long Original)> _moved = [];

    private EvidenceEntry? _first;
    private EvidenceEntry? _prior;
    private bool _priorIsSound;
    private long _lastShift;

    public string Chain => chain;

    public long Count { get; private set; }

    /// <summary>The first entry that is there, and what it names as the one before it.</summary>
    public EvidenceEntry? First => _first;

    public EvidenceEntry? Last => _prior;

    public void Next(EvidenceEntry entry)
    {
        Count++;
        var isNext = _prior is not null && entry.Sequence == _prior.Sequence + 1;
        if (_prior is not null && !isNext)
        {
            Missing(_prior.Sequence + 1, entry.Sequence - 1);
        }

        if (_first is null && !entry.IsCheckable)
        {
            findings.Add(
                EvidenceProblems.KeyMissing, chain, entry.Sequence, null, null,
                $"the chain was made with the key {EvidenceKeys.IdOfChain(chain)}, which is not known here, so that its hashes cannot be checked; set Evidence:Key, or Evidence:PreviousKeys:0 if it was replaced");
        }

        // Without the key only the order of the entries can be checked.
        var isSound = !entry.IsCheckable || entry.IsSound;
        if (!isSound)
        {
            OnUnsound(entry);
        }
        else if (isNext && _priorIsSound && entry.Previous != _prior!.Hash)
        {
            findings.Add(
                EvidenceProblems.EntryEdited, chain, _prior.Sequence, null, _prior.Subject,
                $"the entry was replaced and its hash made anew: entry {entry.Sequence} was written after one of hash {entry.Previous}");
        }

        _first ??= entry;
        _prior = entry;
        _priorIsSound = isSound;
    }

    /// <param name="head">The head as it is stored; null where its row is gone.</param>
    /// <param name="pruned">The last entries that retention removed, as the entries about it say.</param>
    public void End(EvidenceHead? head, IEnumerable<EvidenceHead> pruned)
    {
        if (_first is { Sequence: > 1 } && !pruned.Any(last => last.Sequence == _first.Sequence - 1 && last.Hash == _first.Previous))
        {
            Missing(1, _first.Sequence - 1);
        }

        if (_first is { Sequence: 1 } && _first.Previous != EvidenceEntry.NoHash && (_first.IsSound || !_first.IsCheckable))
        {
            findings.Add(EvidenceProblems.EntryEdited, chain, 1, null, _first.Subject, "the first entry names an entry before it");
        }

        ReportMoved();
        if (head is null)
        {
            findings.Add(EvidenceProblems.HeadLost, chain, _prior?.Sequence, null, null, "the chain has no row in evidence_heads any more");
        }
        else if (head.Sequence > (_prior?.Sequence ?? 0))
        {
            Missing((_prior?.Sequence ?? 0) + 1, head.Sequence);
        }
        else if (head.Sequence < _prior!.Sequence || head.Hash != _prior.Hash)
        {
            findings.Add(EvidenceProblems.HeadLost, chain, _prior.Sequence, null, null, $"evidence_heads says {head.Sequence}:{head.Hash}, and the newest entry is {_prior.Sequence}:{_prior.Hash}");
        }
    }

    private void OnUnsound(EvidenceEntry entry)
    {
        if (OriginalOf(entry) is { } original)
        {
            _moved.Add((entry.Sequence, original));
            _lastShift = original - entry.Sequence;
            return;
        }

        findings.Add(EvidenceProblems.EntryEdited, chain, entry.Sequence, null, entry.Subject, $"the {entry.Kind} entry about {entry.Subject} is not what was hashed when it was written");
    }

    private long? OriginalOf(EvidenceEntry entry)
    {
        // All entries behind an inserted one are shifted alike.
        if (_lastShift != 0 && entry.HashAt(entry.Sequence + _lastShift) == entry.Hash)
        {
            return entry.Sequence + _lastShift;
        }

        for (var distance = 1; distance <= SearchedAround; distance++)
        {
            if (entry.HashAt(entry.Sequence + distance) == entry.Hash)
            {
                return entry.Sequence + distance;
            }

            if (entry.Sequence > distance && entry.HashAt(entry.Sequence - distance) == entry.Hash)
            {
                return entry.Sequence - distance;
            }
        }

        return null;
    }

    /// <summary>Entries that changed places among themselves were reordered; those that are all shifted alike follow an entry that was inserted or removed.</summary>
    private void ReportMoved()
    {
        var places = _moved.Select(moved => moved.Sequence).ToHashSet();
        if (places.SetEquals(_moved.Select(moved => moved.Original)))
        {
            foreach (var (sequence, original) in _moved)
            {
                findings.Add(EvidenceProblems.EntryReordered, chain, sequence, null, null, $"the entry was written as entry {original} of the chain");
            }

            return;
        }

        var shift = 0L;
        foreach (var (sequence, original) in _moved)
        {
            var change = original - sequence - shift;
            shift = original - sequence;
            if (change > 0)
            {
                Missing(original - change, original - 1);
            }
            else if (change < 0)
            {
                findings.Add(
                    EvidenceProblems.EntryInserted, chain, sequence + change, null, null, $"{-change} entries were inserted here: entry {sequence} was written as entry {original}");
            }
        }
    }

    private void Missing(long from, long through) => findings.Add(
        EvidenceProblems.EntryMissing, chain, from, null, null, from == through ? $"entry {from} is missing" : $"entries {from} to {through} are missing");
}
