namespace RiskMonitor.Risk.Alerts;

/// <summary>The time after a message in which those that follow it are gathered. Not safe for several threads.</summary>
public sealed class GatheringTime(TimeProvider clock)
{
    /// <summary>A longer list is several: the page that acknowledges one has a time limit.</summary>
    public const int MostMessages = 1_000;

    private DateTimeOffset _until;

    /// <summary>A message or a list goes now.</summary>
    public void Begin(TimeSpan length) => _until = clock.GetUtcNow() + length;

    /// <summary>How long it still lasts; zero or less: it is over. A clock that was set back does not make it longer than its length.</summary>
    public TimeSpan Left(TimeSpan length) => _until - clock.GetUtcNow() is var left && left <= length ? left : TimeSpan.Zero;
}
