using System.Diagnostics;

namespace RiskMonitor.Cluster.Tests;

/// <summary>Asks frontends for every desk in turn, as a client does that takes another frontend when one fails, and notes how long no answer came.</summary>
internal sealed class Availability : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, TimeSpan> _longest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastAnswer = new(StringComparer.Ordinal);
    private readonly Task _asking;

    public Availability(RunningCluster cluster, IReadOnlyList<string> desks)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var desk in desks)
        {
            _lastAnswer[desk] = now;
        }

        _asking = Task.WhenAll(desks.Select(desk => AskAsync(cluster, desk)));
    }

    /// <summary>The longest time without an answer about one desk, up to now.</summary>
    public TimeSpan Longest
    {
        get
        {
            lock (_longest)
            {
                return _longest.Values.Concat(_lastAnswer.Values.Select(last => Stopwatch.GetElapsedTime(last))).Max();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
    }

    private async Task AskAsync(RunningCluster cluster, string desk)
    {
        using var timer = new PeriodicTimer(s_pause);
        for (var attempt = 0; !_stop.IsCancellationRequested; attempt++)
        {
            try
            {
                var frontends = cluster.Frontends.ToArray();
                using var answer = await frontends[attempt % frontends.Length].Http.GetAsync($"api/v1/desks/{Uri.EscapeDataString(desk)}/exposure", _stop.Token);
                if (answer.IsSuccessStatusCode)
                {
                    Answered(desk);
                }

                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                // The next attempt asks another frontend.
            }
        }
    }

    private void Answered(string desk)
    {
        lock (_longest)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_lastAnswer[desk], now);
            _lastAnswer[desk] = now;
            if (gap > _longest.GetValueOrDefault(desk))
            {
                _longest[desk] = gap;
            }
        }
    }
}
