using RiskMonitor.CdcIngest.Feeds;
using System.Text;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The schema that a connector puts around each message, as captured: several kilobytes, always the same.</summary>
internal static class CapturedSchema
{
    /// <summary>A captured message up to its payload.</summary>
    public static string Opening()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Captured", "envelope-schema-precise.jsonl.gz");
        var feed = ReplayFile.OpenAsync(path, TimeProvider.System, CancellationToken.None);
        throw new NotImplementedException(feed.ToString() + Encoding.UTF8);
    }
}
