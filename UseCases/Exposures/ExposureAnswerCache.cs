using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Markets;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>
/// The parts of an answer that depend only on a desk's view, cached as long as the view: between two changes of a desk every caller gets the same.
/// </summary>
public sealed class ExposureAnswerCache
{
    /// <summary>Longer answers are not cached: they are rare, and would take more memory than the desks themselves.</summary>
    private const int MostRows = 500;

    private readonly ConditionalWeakTable<DeskView, AnswersOfView> _answers = [];

    /// <param name="belowDesk">True if the caller may see traders and securities.</param>
    /// <param name="top">The greatest number of rows of a breakdown; null: all.</param>
    public ExposureAnswer Of(DeskView view, bool belowDesk, MarketView? market, int? top)
    {
        var answers = _answers.GetOrAdd(view, static _ => new AnswersOfView());
        if (answers.TryGetValue((belowDesk, top), out var known) && ReferenceEquals(known.Market, market?.Snapshot))
        {
            return known.Exposure;
        }

        var exposure = new ExposureAnswer(view, belowDesk, market, top);
        if (exposure.Rows <= MostRows)
        {
            answers[(belowDesk, top)] = (market?.Snapshot, exposure);
        }

        return exposure;
    }

    /// <summary>Answers by the caller's clearance and number of rows, each with the market snapshot that it was computed with.</summary>
    private sealed class AnswersOfView() : ConcurrentDictionary<(bool BelowDesk, int? Top), (MarketSnapshot? Market, ExposureAnswer Exposure)>(concurrencyLevel: 1, capacity: 2);
}
