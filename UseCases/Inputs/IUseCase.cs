using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>A use case, which is the same for every protocol.</summary>
public interface IUseCase<in TInput, TAnswer>
    where TAnswer : Answer
{
    /// <exception cref="RequestException">There is no answer; it says why, and what to change.</exception>
    Task<TAnswer> AskAsync(TInput input, CallContext context, CancellationToken cancellationToken);
}
