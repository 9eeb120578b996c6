using Orleans;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// Gathers the messages of all silos of a cluster to one endpoint into rounds, so that a storm is one list wherever its alerts live. Each round is posted once, by one silo.
/// A process that is alone gathers by itself.
/// </summary>
public interface IListRounds
{
    /// <summary>Asks what is to become of messages that have come.</summary>
    /// <param name="member">Who asks, the same each time. A silo is one member for each of its endpoints.</param>
    /// <param name="length">How long messages are gathered after one has gone.</param>
    /// <returns>The round that gathers them; null: one message may go alone at once, and those that follow are gathered.</returns>
    Task<Guid?> EnterAsync(string endpoint, Guid member, TimeSpan length);

    /// <summary>Waits for the end of a round, for some seconds at most.</summary>
    Task<RoundTurn> WaitAsync(string endpoint, Guid round);

    /// <summary>Brings the messages of a member to a round that has ended, so that they are posted together with those of other members.</summary>
    /// <param name="messages">Empty: there are none any more, and the others need not wait.</param>
    /// <returns>The result of the list that they were in. Never throws for what the receiver or the network does.</returns>
    Task<DeliveryResult> SendAsync(string endpoint, Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages);
}

/// <summary>How far a round is.</summary>
/// <param name="NoEndpoint">Why nothing can be posted, where that is its state.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.RoundTurn")]
public sealed record RoundTurn([property: Id(0)] RoundState State, [property: Id(1)] string? NoEndpoint = null);

/// <summary>The states of a round, as its members see it.</summary>
public enum RoundState
{
    /// <summary>It has not ended; wait again.</summary>
    Gathering,

    /// <summary>It has ended: each member begins its attempts and brings its messages.</summary>
    Ended,

    /// <summary>There is no such round any more, because its silo has ended; enter again.</summary>
    Unknown,

    /// <summary>Nothing can be posted to the endpoint.</summary>
    NoEndpoint,
}
