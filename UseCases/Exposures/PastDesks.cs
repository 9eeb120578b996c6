using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Many desks as they were at one instant.</summary>
public sealed class PastDesks(IDeskHistory history)
{
    /// <summary>The greatest number of desks, because each is read from its journal within the timeout of the call.</summary>
    private const int MostDesks = 500;

    /// <summary>The greatest number of parallel reads, because other calls share the few connections.</summary>
    private const int DesksAtATime = 2;

    /// <exception cref="RequestException">There is no state that old for any of the desks, or there are too many desks.</exception>
    public async Task<PastDeskViews> AsOfAsync(IReadOnlyList<string> desks, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        if (desks.Count > MostDesks)
        {
            throw RequestException.Invalid("as_of", string.Create(
                CultureInfo.InvariantCulture, $"is asked for {desks.Count} desks, and at most {MostDesks} are read out of the past at once; ask for one desk, or leave as_of out"));
        }

        var (states, notKept) = (new List<PastState>(), new List<string>());
        foreach (var chunk in desks.Chunk(DesksAtATime))
        {
            var found = await Task.WhenAll(chunk.Select(desk => history.AsOfAsync(desk, asOf, cancellationToken)));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (found[i] is PastState state)
                {
                    states.Add(state);
                }
                else
                {
                    notKept.Add(chunk[i]);
                }
            }
        }

        if (states.Count == 0 && desks.Count > 0)
        {
            throw RequestException.Invalid("as_of", $"is {AlertDocument.Time(asOf)}, and nothing is kept of {(desks.Count == 1 ? $"'{desks[0]}'" : "these desks")} that early; ask for a later instant, or leave as_of out for now");
        }

        // The list has the worst state of its desks.
        var feed = states.Count == 0 ? FeedState.Live : states.Max(state => state.FeedState);
        return new PastDeskViews(
            states.ToDictionary(state => state.View.Desk, state => state.View, StringComparer.Ordinal),
            new PastBasis(asOf, states.TrueForAll(state => state.IsExact), notKept),
            new FeedStatus(feed, states.Max(state => state.AppliedThrough), null, ["the states that the desks had last been told of by then"]));
    }
}

/// <param name="ByDesk">The desks for which a state that old is kept.</param>
public sealed record PastDeskViews(IReadOnlyDictionary<string, DeskView> ByDesk, PastBasis Basis, FeedStatus Feed);
