using System.Data.Common;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Demo;

/// <summary>
/// Trades in <c>positions.db</c> as the trading system's users would: a steady flow that keeps desks within their limits, and now and then a
/// series of block trades that pushes one over its limit and is unwound again. It leaves alone what others trade.
/// </summary>
public sealed partial class TradeSimulator(
    DemoSettings settings,
    ILimitStore limits,
    TradeSimulatorOptions options,
    TimeProvider clock,
    ILogger<TradeSimulator> logger) : BackgroundService
{
    private readonly Random _random = new(options.Seed);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var trading = settings.Connect();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var flow = new SteadyFlow(trading, options.Band, _random, today);
        var push = LimitPush.UnwindLeftovers(trading);
        var desks = SampleDesk.All.ToArray();
        _random.Shuffle(desks);
        var pushed = 0;
        var nextPush = clock.GetUtcNow() + options.FirstPush;
        using var timer = new PeriodicTimer(options.Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow();
            try
            {
                if (push is { IsDone: true })
                {
                    push = null;
                    nextPush = now + Between(options.PushEvery);
                }

                if (push is null && now >= nextPush)
                {
                    var desk = desks[pushed % desks.Length];
                    push = LimitPush.Begin(trading, pushed++, desk, await LimitOfAsync(desk, now, stoppingToken), Between(options.Hold), _random, now);
                    nextPush = now + Between(options.PushEvery);
                }

                push?.Trade(now);
                var other = desks[_random.Next(desks.Length)];
                if (other.Name != push?.Desk)
                {
                    flow.Trade(other, await LimitOfAsync(other, now, stoppingToken));
                }
            }
            catch (DbException exception)
            {
                // Another client holds the file; a trader would try again.
                LogTradeRefused(exception.Message);
            }
        }
    }

    private async Task<decimal?> LimitOfAsync(SampleDesk desk, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var set = await limits.ForDeskAsync(desk.Name, cancellationToken);
        return set.Effective(desk.Name, RiskMetric.NetDelta, set.Alerting.Profile, set.Alerting.Horizon, now)?.Threshold;
    }

    private TimeSpan Between((TimeSpan Least, TimeSpan Greatest) range) => range.Least + ((range.Greatest - range.Least) * _random.NextDouble());
}
