using System.Collections.Concurrent;

namespace RiskMonitor.Storage.Tests;

/// <summary>Where a test's database is: every test of a port runs on each of them.</summary>
public abstract class TestServer
{
    public static readonly TestServer Sqlite = new SqliteFiles();

    public static readonly TestServer MariaDb = new MariaDbDatabases();

    /// <summary>A database with nothing in it.</summary>
    internal abstract Task<TestDatabase> CreateAsync(Action<StorageOptions>? configure = null, TimeProvider? time = null);

    private sealed class SqliteFiles : TestServer
    {
        internal override Task<TestDatabase> CreateAsync(Action<StorageOptions>? configure, TimeProvider? time) => TestDatabase.CreateAsync(configure, time);
    }

    /// <summary>One server for all tests. A database is emptied and used again, because making its tables takes longer than most tests.</summary>
    private sealed class MariaDbDatabases : TestServer
    {
        private readonly ConcurrentBag<string> _free = [];
        private int _made;

        internal override async Task<TestDatabase> CreateAsync(Action<StorageOptions>? configure, TimeProvider? time)
        {
            var server = await SharedMariaDb.GetAsync();
            if (!_free.TryTake(out var name))
            {
                name = $"storage_{Interlocked.Increment(ref _made)}";
                await server.ExecuteAsync($"CREATE DATABASE {name}");
            }

            return await TestDatabase.OpenMySqlAsync(server.ConnectionString(name), configure, time, async () =>
            {
                await server.ExecuteAsync(string.Concat(s_tables.Select(table => $"DELETE FROM {table};")), name);
                _free.Add(name);
            });
        }

        private static readonly string[] s_tables =
        [
            "desks", "journal", "checkpoints", "held_positions", "desk_states", "outbox", "alerts", "alert_events", "alert_deliveries", "alert_groups", "endpoints", "risk_limits", "risk_limit_history", "limit_settings",
            "dead_letters", "partition_checkpoints", "topic_outbox", "users", "audit_log", "protection_keys", "evidence", "evidence_heads",
        ];
    }
}
