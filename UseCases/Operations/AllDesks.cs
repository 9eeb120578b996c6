using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Operations;

/// <summary>What cannot be told apart by desk is only for callers who may see all of them.</summary>
internal static class AllDesks
{
    /// <exception cref="RequestException">The caller sees some desks only.</exception>
    public static void Demand(CallContext context, string why)
    {
        if (context.Caller.Desks is not null)
        {
            throw new RequestException(RequestError.Forbidden, $"{why}, and you may see some desks only; ask an operator of all desks");
        }
    }
}
