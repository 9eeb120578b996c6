using System.Text.Json;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Storage;

namespace RiskMonitor.Host.Operations;

/// <summary>The stored record of a feed, which the grain of a running monitor writes too.</summary>
internal sealed class FeedRecords(IGrainStateStore states)
{
    private const string TypeName = "feed";
    private const int MostAttempts = 10;

    public async Task<FeedRecord> ReadAsync(string feed, CancellationToken cancellationToken) => (await FindAsync(feed, cancellationToken)).Record;

    /// <summary>Changes the record. A running monitor reads it again within seconds, or when it writes it.</summary>
    /// <param name="change">Gives the changed record, or the same one where nothing is to be written. It is asked again where the monitor has written the record in between.</param>
    public async Task ChangeAsync(string feed, Func<FeedRecord, FeedRecord> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (record, etag) = await FindAsync(feed, cancellationToken);
            var changed = change(record);
            if (ReferenceEquals(changed, record))
            {
                return;
            }

            try
            {
                await states.WriteAsync(TypeName, KeyOf(feed), JsonSerializer.SerializeToUtf8Bytes(changed), etag, cancellationToken);
                return;
            }
            catch (GrainStateConflictException) when (attempt < MostAttempts)
            {
                // Read it again.
            }
        }
    }

    private async Task<(FeedRecord Record, string? ETag)> FindAsync(string feed, CancellationToken cancellationToken)
    {
        var stored = await states.ReadAsync(TypeName, KeyOf(feed), cancellationToken);
        return (stored?.Payload is { } payload ? JsonSerializer.Deserialize<FeedRecord>(payload) ?? new FeedRecord() : new FeedRecord(), stored?.ETag);
    }

    private static string KeyOf(string feed) => $"{TypeName}/{feed}";
}
