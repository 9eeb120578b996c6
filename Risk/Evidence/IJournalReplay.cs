using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Risk.Evidence;

/// <summary>Computes a desk's journal again, record by record, with the rules of the domain and from nothing but its inputs.</summary>
public interface IJournalReplay
{
    /// <param name="through">The last record to compute; null: all.</param>
    /// <param name="onRecord">Is given what the desk reports to alerts with each record, in their order; at most one report for each alert, the last.</param>
    /// <returns>How far back the journal goes; null for a desk that has none.</returns>
    /// <exception cref="Journal.DeskUnreadableException">A part of what is stored cannot be read, or a record is missing.</exception>
    Task<ReplayReach?> ReplayAsync(string desk, long? through, Action<IReadOnlyList<EpisodeReport>> onRecord, CancellationToken cancellationToken);
}

/// <summary>Where a computation began.</summary>
/// <param name="First">The first record that is there; 1 for a desk whose whole journal is kept.</param>
/// <param name="From">Since when every record is there; <see cref="DateTimeOffset.MinValue"/> for the whole journal.</param>
/// <param name="Last">The last record computed; 0 for none.</param>
public sealed record ReplayReach(long First, DateTimeOffset From, long Last);
