using RiskMonitor.Risk.Access;

namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// Entries that are written together. Alike refusals of what never reached its use case become one entry that counts them: a flood of requests
/// must not fill the disk. Whatever was begun keeps an entry of its own, whatever became of it.
/// </summary>
public sealed class AuditBatch(int most)
{
    private readonly List<AuditEntry> _entries = new(most);
    private readonly Dictionary<Refusal, int> _refusals = [];

    public IReadOnlyList<AuditEntry> Entries => _entries;

    public bool IsFull => _entries.Count >= most;

    /// <param name="isRefusal">It came to no use case: what was asked in detail does not matter.</param>
    public void Add(AuditEntry entry, bool isRefusal)
    {
        if (!isRefusal)
        {
            _entries.Add(entry);
            return;
        }

        var refusal = new Refusal(entry.User, entry.Address, entry.Channel, entry.Tool, entry.Outcome);
        if (_refusals.TryGetValue(refusal, out var index))
        {
            _entries[index] = _entries[index] with { Calls = _entries[index].Calls + entry.Calls };
            return;
        }

        _refusals[refusal] = _entries.Count;
        _entries.Add(entry);
    }

    public void Clear()
    {
        _entries.Clear();
        _refusals.Clear();
    }

    private readonly record struct Refusal(string? User, string? Address, string Channel, string Tool, string Outcome);
}
