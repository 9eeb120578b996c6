namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Decides when a problem is logged that each attempt finds again: when it is new, and every ten seconds.</summary>
internal sealed class RepeatedProblem(TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private string? _logged;
    private long _loggedAt;

    /// <returns>True: the caller is to log it now.</returns>
    public bool IsDue(string problem)
    {
        if (problem == _logged && clock.GetElapsedTime(_loggedAt) < s_interval)
        {
            return false;
        }

        (_logged, _loggedAt) = (problem, clock.GetTimestamp());
        return true;
    }
}
