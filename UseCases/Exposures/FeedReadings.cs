using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>
/// The state of the feed. Every answer names it, so the calls of a short time share one reading. A reading that fails is not kept: the calls that waited
/// for it fail, and the next call asks again.
/// </summary>
internal sealed class FeedReadings(IGrainFactory grains, IOptions<UseCaseOptions> options, TimeProvider time)
{
    /// <summary>The greatest age of a reading, counted from when it was asked for. A grain that does not answer is asked again after this time too.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();

    /// <summary>By desk; the key of the whole feed is null. Callers name only desks of the catalogue, so there are no more readings than desks.</summary>
    private readonly ConcurrentDictionary<ValueTuple<string?>, Reading> _readings = new();
    private readonly Lazy<IFeedGrain> _feed = new(() => grains.GetGrain<IFeedGrain>(options.Value.Feed));

    public Task<FeedStatus> OfAsync(string? desk)
    {
        var key = ValueTuple.Create(desk);
        if (_readings.TryGetValue(key, out var known) && IsCurrent(known))
        {
            return known.Status;
        }

        // The lock covers only the start of a call, so that calls at the same time start one.
        lock (_lock)
        {
            if (_readings.TryGetValue(key, out known) && IsCurrent(known))
            {
                return known.Status;
            }

            var askedAt = time.GetTimestamp();
            var status = _feed.Value.StatusAsync(desk);
            _readings[key] = new Reading(status, askedAt);
            return status;
        }
    }

    /// <summary>The state of the whole feed from its grain, whatever is known here.</summary>
    public Task<FeedStatus> NowAsync() => _feed.Value.StatusAsync(null);

    private bool IsCurrent(Reading reading) =>
        reading.Status is not ({ IsFaulted: true } or { IsCanceled: true }) && time.GetElapsedTime(reading.AskedAt) < MostAge;

    private sealed record Reading(Task<FeedStatus> Status, long AskedAt);
}
