using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>For feeds whose messages can all be read: one that cannot ends the pipeline with its reason.</summary>
internal sealed class NoDeadLetters : IDeadLetterStore
{
    public Task AddAsync(DeadLetter letter, CancellationToken cancellationToken) => throw new InvalidOperationException($"a message cannot be read: {letter.Reason}");

    public Task<IReadOnlyList<DeadLetter>> ListAsync(int atMost, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DeadLetter>>([]);

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult(0L);
}
