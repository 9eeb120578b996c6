using System.Globalization;
using RiskMonitor.Risk.Topics;

namespace RiskMonitor.CdcIngest.Tests.Publishing;

/// <summary>The stored messages, as the database keeps them.</summary>
internal sealed class InMemoryOutbox : ITopicOutbox
{
    public const string TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string, long, int), TopicMessage> _messages = [];
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static DateTimeOffset At { get; } = DateTimeOffset.UtcNow;

    /// <summary>From now on nobody who has published comes to remove anything.</summary>
    public bool StopsBeforeRemoving { get; set; }

    /// <summary>Ends when somebody was stopped.</summary>
    public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    public static TopicMessage Message(string alert, long sequence) => new(
        new TopicPlace(TopicSubject.Alert, alert, sequence, 0),
        "risk.alert.opened",
        At,
        string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"risk.alert.opened","sequence":{{{sequence}}},"part":0,"data":{}}"""),
        TraceParent);

    /// <summary>Each alert stores so many further messages.</summary>
    public void Fill(int alerts, int each)
    {
        for (var alert = 0; alert < alerts; alert++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"alert-{alert}");
            for (var i = 0; i < each; i++)
            {
                Add(Message(key, 1 + LastOf(key)));
            }
        }
    }

    public void Add(TopicMessage message)
    {
        lock (_lock)
        {
            _messages.Add((message.Place.Key, message.Place.Sequence, message.Place.Part), message);
            _last[message.Place.Key] = message.Place.Sequence;
        }
    }

    /// <summary>Lets go those that were stopped.</summary>
    public void Release() => _released.TrySetResult();

    public Task<IReadOnlyList<TopicMessage>> NextAsync(int atMost, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<TopicMessage>>([.. _messages.Values.Take(atMost)]);
        }
    }

    public async Task RemoveAsync(IReadOnlyCollection<TopicMessage> published, CancellationToken cancellationToken)
    {
        if (StopsBeforeRemoving)
        {
            Stopped.TrySetResult();
            await _released.Task;
            throw new InvalidOperationException("this publisher was killed");
        }

        lock (_lock)
        {
            foreach (var message in published)
            {
                _messages.Remove((message.Place.Key, message.Place.Sequence, message.Place.Part));
            }
        }
    }

    public Task<(long Count, DateTimeOffset? Oldest)> WaitingAsync(CancellationToken cancellationToken) =>
        Task.FromResult<(long, DateTimeOffset?)>((Count, Count == 0 ? null : At));

    public Task<int> ExpireAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _messages.Where(message => message.Value.At < before).Select(message => message.Key).ToList();
            old.ForEach(key => _messages.Remove(key));
            return Task.FromResult(old.Count);
        }
    }

    private long LastOf(string key)
    {
        lock (_lock)
        {
            return _last.GetValueOrDefault(key);
        }
    }
}
