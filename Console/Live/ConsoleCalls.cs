using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.WebConsole.Access;

namespace RiskMonitor.WebConsole.Live;

/// <summary>Makes the calls of a browser tab: each with the rights of the user who signed in, through the runner that carries every call.</summary>
internal sealed class ConsoleCalls(CallRunner runner, CircuitCaller callers)
{
    /// <param name="tool">The name of the use case.</param>
    /// <param name="desk">For the audit log.</param>
    /// <param name="isRefresh">A view that stays open reads again.</param>
    /// <exception cref="RequestException">There is no answer; it says why.</exception>
    public async Task<TAnswer> AskAsync<TAnswer>(
        string tool, Func<CallContext, CancellationToken, Task<TAnswer>> ask, CancellationToken cancellationToken, string? desk = null, bool isRefresh = false)
    {
        var caller = await callers.DemandAsync(cancellationToken);
        var call = new Call(Call.NewRequestId(), tool, caller, Channel.Console) { Asked = Asked.Of([], desk), IsRefresh = isRefresh };
        return await runner.RunAsync(call, ask, cancellationToken);
    }
}
