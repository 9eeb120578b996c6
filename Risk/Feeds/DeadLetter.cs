using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Feeds;

/// <summary>A message that could not be read, kept as it came.</summary>
/// <param name="PositionId">Where at least the key could be read.</param>
public sealed record DeadLetter(
    Delivery Delivery,
    string Reason,
    string? PositionId,
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Payload,
    DateTimeOffset At);

/// <summary>Where unreadable messages are kept.</summary>
public interface IDeadLetterStore
{
    /// <summary>Keeps a message; doing it again changes nothing.</summary>
    Task AddAsync(DeadLetter letter, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(int atMost, CancellationToken cancellationToken);

    Task<long> CountAsync(CancellationToken cancellationToken);
}
