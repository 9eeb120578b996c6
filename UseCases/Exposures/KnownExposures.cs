using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Markets;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>
/// The parts of an answer that depend only on a desk's view, cached as long as the view: between two changes of a desk every caller gets the same.
/// </summary>
public sealed class KnownExposures
{
    /// <summary>Longer answers are rare, and keeping them of every desk would take more memory than the desks do.</summary>
    private const int MostRows = 500;

    private readonly ConditionalWeakTable<DeskView, Views> _pictures = [];

    /// <param name="belowDesk">Traders and securities are not withheld.</param>
    /// <param name="top">The most rows of a breakdown; null: all.</param>
    public ExposureAnswer Of(DeskView picture, bool belowDesk, MarketView? market, int? top)
    {
        var views = _pictures.GetOrAdd(picture, static _ => new Views());
        if (views.TryGetValue((belowDesk, top), out var known) && ReferenceEquals(known.Market, market?.Snapshot))
        {
            return known.Exposure;
        }

        var exposure = new ExposureAnswer(picture, belowDesk, market, top);
        if (exposure.Rows <= MostRows)
        {
            views[(belowDesk, top)] = (market?.Snapshot, exposure);
        }

        return exposure;
    }

    /// <summary>By what the caller may see and how many rows were asked for, each with the market snapshot of the last who asked.</summary>
    private sealed class Views() : ConcurrentDictionary<(bool BelowDesk, int? Top), (MarketSnapshot? Market, ExposureAnswer Exposure)>(concurrencyLevel: 1, capacity: 2);
}
