using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Demo;

/// <summary>At the first start, books the sample positions and sets their desks' limits, before anybody reads them.</summary>
public sealed class DemoData(DemoSettings settings, ILimitStore limits, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var trading = settings.Connect();
        if (!trading.IsEmpty())
        {
            return;
        }

        var book = SampleBook.For(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var known = await limits.ListAsync(cancellationToken);
        foreach (var limit in book.Limits.Where(limit => !known.Any(row => row.LimitId == limit.LimitId || row.Overlaps(limit))))
        {
            await limits.PutAsync(limit, cancellationToken);
        }

        // Positions come last, so that wherever there are positions there are their limits, also after a crash in between.
        trading.OpenAll(book.Positions);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
