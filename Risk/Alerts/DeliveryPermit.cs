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

    /// <param name="release">Frees the permit for the next message; called once.</param>
    public static DeliveryPermit Granted(Action release) => new(null, release);

    public static DeliveryPermit WithoutEndpoint(string why) => new(why, null);

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
