using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.Alerting.Llm;

/// <summary>
/// Reads what is known around a breach: all parts at the same time, and for half a second at most. An alert does not wait for what only helps to explain it.
/// </summary>
internal sealed partial class SurroundingsReader(
    TimeProvider time,
    ILogger<SurroundingsReader> logger,
    ILimitStore? limits = null,
    IDeskChanges? changes = null,
    IAlertQueries? alerts = null,
    IMarketViews? market = null)
{
    public const int MostChanges = 10;

    private const int MostPast = 5;

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(500);

    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> says so.</exception>
    public async Task<Surroundings> ReadAsync(EpisodeReport report, CancellationToken cancellationToken)
    {
        var alertId = report.Episode.AlertId;
        using var timeout = new CancellationTokenSource(s_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var ofLimits = TryAsync<LimitSet>("the limits", limits is null ? null : token => limits.ForDeskAsync(report.Desk, token));
        var ofChanges = TryAsync<IReadOnlyList<DeskChange>>("the recent changes", changes is null ? null : token => changes.LastAsync(report.Desk, report.Sequence, MostChanges, token));
        var ofPast = TryAsync<AlertPage>("earlier alerts", alerts is null ? null : token => alerts.ListAsync(new AlertFilter(Desks: [report.Desk]), null, MostPast + 1, token));
        await Task.WhenAll(ofLimits, ofChanges, ofPast);
        return new Surroundings(
            await ofLimits,
            await ofChanges,
            (await ofPast)?.Alerts.Where(alert => alert.AlertId != alertId).Take(MostPast).ToList(),
            market?.View(time.GetUtcNow()));

        async Task<T?> TryAsync<T>(string part, Func<CancellationToken, Task<T>>? read)
            where T : class
        {
            try
            {
                return read is null ? null : await read(either.Token).WaitAsync(either.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogLeftOut(exception, alertId, part);
                return null;
            }
        }
    }
}
