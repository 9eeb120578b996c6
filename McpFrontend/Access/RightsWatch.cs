using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Ends what goes on for long, such as a stream, soon after its caller's key was revoked or its token has ended.</summary>
internal sealed class RightsWatch(UserDirectory users, TimeProvider time)
{
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromSeconds(1);

    /// <param name="act">Gets a token that is cancelled when the rights end too.</param>
    /// <param name="ended">What it comes to then.</param>
    public async ValueTask<T> WhileInForceAsync<T>(Caller caller, Func<CancellationToken, ValueTask<T>> act, T ended, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var acting = act(end.Token).AsTask();
        try
        {
            using var timer = new PeriodicTimer(s_checkInterval, time);
            while (!acting.IsCompleted && !end.IsCancellationRequested && await IsInForceAsync(caller, end.Token))
            {
                await Task.WhenAny(acting, timer.WaitForNextTickAsync(end.Token).AsTask());
            }

            await end.CancelAsync();
            return await acting;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ended;
        }
    }

    private async ValueTask<bool> IsInForceAsync(Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await users.IsInForceAsync(caller, cancellationToken);
        }
        catch (RequestException)
        {
            // The user table cannot be read now; the next check tries again.
            return true;
        }
    }
}
