namespace RiskMonitor.Risk.Alerts;

/// <summary>Permission to post one message, or the reason why there is no endpoint. Dispose it when the attempt has ended.</summary>
public sealed class DeliveryPermit : IDisposable
{
    private Action? _release;

    private DeliveryPermit(string? noEndpoint, Action? release)
    {
        NoEndpoint = noEndpoint;
        _release = release;
    }

    /// <summary>Why there is no endpoint; null when the message may be posted.</summary>
    public string? NoEndpoint { get; }

    /// <summary>The message is posted together with others, by this; null: alone, by the <see cref="IAlertSender"/>.</summary>
    public IDeliveryGroup? Group { get; private init; }

    /// <param name="release">Frees the permit for the next message; called once.</param>
    /// <param name="group">Posts the message together with others.</param>
    public static DeliveryPermit Granted(Action release, IDeliveryGroup? group = null) => new(null, release) { Group = group };

    public static DeliveryPermit WithoutEndpoint(string why) => new(why, null);

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

/// <summary>A place in a list: messages of several alerts that an endpoint gets as one.</summary>
public interface IDeliveryGroup
{
    /// <summary>One attempt with the list, once all its messages have come. Never throws for what the receiver or the network does.</summary>
    /// <returns>The result of the list, which is that of each of its messages.</returns>
    Task<DeliveryResult> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);
}
