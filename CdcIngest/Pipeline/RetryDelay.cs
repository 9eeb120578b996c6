namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>The delays between attempts of one thing.</summary>
internal static class RetryDelay
{
    /// <summary>Twice the delay before, up to a longest.</summary>
    public static TimeSpan After(TimeSpan delay, TimeSpan longest) => delay * 2 < longest ? delay * 2 : longest;
}
