using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Alerts;

/// <summary>An operator sends all dead letters again, or those of one endpoint, as new deliveries.</summary>
public sealed class ReplayDeliveries(LiveFigures live, IDeliveryLog log, IGrainFactory grains)
{
    public const string Tool = "replay_deliveries";

    public static readonly InputParameter[] Parameters = [new("endpoint", ParameterKind.Text, "only dead letters of this endpoint")];

    private const int AtMost = 500;
    private const int AtATime = 16;

    public async Task<ReplayedAnswer> AskAsync(string? endpoint, CallContext context, CancellationToken cancellationToken)
    {
        var filter = new DeliveryFilter(null, endpoint, DeliveryState.DeadLetter, context.Caller.Desks);
        var page = await log.ListAsync(filter, null, AtMost, cancellationToken);
        var replayed = 0;
        foreach (var chunk in page.Deliveries.Select(row => row.AlertId).Distinct().Chunk(AtATime))
        {
            var calls = await Task.WhenAll(chunk.Select(alertId => grains.GetGrain<IAlertGrain>(alertId.ToString("D")).ReplayAsync(context.Caller.Identity).WaitAsync(cancellationToken)));
            replayed += calls.Count(done => done);
        }

        var left = (await log.ListAsync(filter, null, 1, cancellationToken)).Total;
        return new ReplayedAnswer(context, await live.FeedAsync(null, cancellationToken)) { Replayed = replayed, Left = left };
    }
}
