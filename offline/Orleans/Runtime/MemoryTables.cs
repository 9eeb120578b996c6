using System.Collections.Concurrent;

namespace Orleans.Offline;

/// <summary>What memory storage keeps. A record lives in the silo that wrote it first and dies with it.</summary>
internal sealed class MemoryTables
{
    private readonly ConcurrentDictionary<(string Storage, string Key), Row> _rows = new();

    internal Row? Read(string storage, string key) => _rows.GetValueOrDefault((storage, key));

    /// <summary>Writes over the version that the writer knows; answers the version found instead, or null when it fits.</summary>
    internal (string? ETag, string? Conflict) Write(string storage, string key, object? state, string? knownETag, Silo writer)
    {
        lock (_rows)
        {
            var row = Read(storage, key);
            if (row?.ETag != knownETag)
            {
                return (null, row?.ETag ?? "none");
            }

            var next = new Row(state, Guid.NewGuid().ToString("N"), row?.Home ?? writer);
            _rows[(storage, key)] = next;
            return (next.ETag, null);
        }
    }

    internal string? Delete(string storage, string key, string? knownETag)
    {
        lock (_rows)
        {
            var row = Read(storage, key);
            if (row is not null && row.ETag != knownETag)
            {
                return row.ETag;
            }

            _rows.TryRemove((storage, key), out _);
            return null;
        }
    }

    internal void Lose(Silo silo)
    {
        foreach (var (key, row) in _rows)
        {
            if (row.Home == silo)
            {
                _rows.TryRemove(key, out _);
            }
        }
    }

    internal sealed record Row(object? State, string ETag, Silo Home);
}
