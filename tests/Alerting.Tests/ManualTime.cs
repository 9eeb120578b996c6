namespace RiskMonitor.Alerting.Tests;

/// <summary>A clock that the test sets; timers run on real time.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
