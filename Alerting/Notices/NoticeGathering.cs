namespace RiskMonitor.Alerting.Notices;

/// <summary>Gathers the notices of an event that come soon after its last message, so that a thousand of them are not a thousand messages.</summary>
/// <param name="within">How long after a message they are gathered.</param>
internal sealed class NoticeGathering(TimeSpan within)
{
    /// <summary>A message contains this many notices, and counts the rest.</summary>
    private const int MostTexts = 20;

    private readonly Dictionary<string, Gathered> _events = new(StringComparer.Ordinal);

    public void Add(Notice notice)
    {
        if (!_events.TryGetValue(notice.Event, out var gathered))
        {
            _events.Add(notice.Event, gathered = new Gathered());
        }

        gathered.Count++;
        if (gathered.First.Count < MostTexts)
        {
            gathered.First.Add(notice);
        }
    }

    /// <summary>How long until something that was held back is due; null while nothing is.</summary>
    public TimeSpan? Wait(DateTimeOffset now)
    {
        var held = _events.Values.Where(gathered => gathered.Count > 0).ToList();
        return held.Count == 0 ? null : held.Select(gathered => gathered.NotBefore <= now ? TimeSpan.Zero : gathered.NotBefore - now).Min();
    }

    /// <summary>Takes what is due, by event.</summary>
    public IReadOnlyList<(IReadOnlyList<Notice> First, int Count)> TakeDue(DateTimeOffset now)
    {
        var due = new List<(IReadOnlyList<Notice> First, int Count)>();
        foreach (var gathered in _events.Values.Where(gathered => gathered.Count > 0 && gathered.NotBefore <= now))
        {
            due.Add((gathered.First, gathered.Count));
            (gathered.First, gathered.Count, gathered.NotBefore) = ([], 0, now + within);
        }

        return due;
    }

    private sealed class Gathered
    {
        public List<Notice> First { get; set; } = [];

        public int Count { get; set; }

        public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;
    }
}
