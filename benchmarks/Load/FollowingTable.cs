using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MySqlConnector;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>
/// The contender that most would write: a consumer that puts the rows of a topic into a table of MariaDB, whose triggers keep each desk's net delta. A commit has what
/// was read meanwhile, each position once.
/// </summary>
internal sealed class FollowingTable : IAsyncDisposable
{
    private const int RowsPerCommit = 1_000;

    private readonly MySqlConnection _connection;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _following;
    private long _read;

    private FollowingTable(MySqlConnection connection, string brokers)
    {
        _connection = connection;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = brokers, GroupId = "table", FetchQueueBackoffMs = 10, FetchWaitMaxMs = 10 }).Build();
        _consumer.Assign(Enumerable.Range(0, RunningCluster.Partitions).Select(partition => new TopicPartitionOffset(RunningCluster.Topic, partition, Offset.Beginning)));
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Messages whose rows are committed.</summary>
    public long Done => Interlocked.Read(ref _read);

    public static async Task<FollowingTable> StartAsync(MariaDbServer server, string brokers)
    {
        await server.ExecuteAsync("CREATE DATABASE following");
        var connection = new MySqlConnection(server.ConnectionString("following"));
        await connection.OpenAsync();
        foreach (var statement in new[]
        {
            "CREATE TABLE positions (position_id VARBINARY(64) PRIMARY KEY, desk VARBINARY(128) NOT NULL, delta DECIMAL(30, 4) NOT NULL)",
            "CREATE TABLE desks (desk VARBINARY(128) PRIMARY KEY, net DECIMAL(38, 4) NOT NULL)",
            "CREATE TRIGGER opened AFTER INSERT ON positions FOR EACH ROW INSERT INTO desks VALUES (NEW.desk, NEW.delta) ON DUPLICATE KEY UPDATE net = net + NEW.delta",
            """
            CREATE TRIGGER changed AFTER UPDATE ON positions FOR EACH ROW BEGIN
                UPDATE desks SET net = net - OLD.delta WHERE desk = OLD.desk;
                INSERT INTO desks VALUES (NEW.desk, NEW.delta) ON DUPLICATE KEY UPDATE net = net + NEW.delta;
            END
            """,
            "CREATE TRIGGER closed AFTER DELETE ON positions FOR EACH ROW UPDATE desks SET net = net - OLD.delta WHERE desk = OLD.desk",
        })
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        return new FollowingTable(connection, brokers);
    }

    /// <summary>Waits until so many messages are in the table.</summary>
    public Task HasDoneAsync(long messages) => Eventually.IsTrueAsync("the table has every change", async () =>
    {
        await Task.WhenAny(_following, Task.Delay(TimeSpan.FromMilliseconds(5)));
        return _following.IsFaulted ? throw _following.Exception! : Done >= messages;
    });

    /// <exception cref="InvalidOperationException">A desk's net delta differs.</exception>
    public async Task DemandEqualAsync(NaiveBook expected)
    {
        await _stopping.CancelAsync();
        await _following;
        await using var command = new MySqlCommand("SELECT CAST(desk AS CHAR), net FROM desks", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (expected.NetOf(reader.GetString(0)) != reader.GetDecimal(1))
            {
                throw new InvalidOperationException($"not exact, so that there is no figure: {reader.GetString(0)} in the table with triggers");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _consumer.Dispose();
        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task FollowAsync()
    {
        var rows = new Dictionary<string, Position?>(StringComparer.Ordinal);
        while (!_stopping.IsCancellationRequested)
        {
            rows.Clear();
            var read = 0;
            for (var next = _consumer.Consume(TimeSpan.FromMilliseconds(20)); next is not null; next = rows.Count < RowsPerCommit ? _consumer.Consume(TimeSpan.Zero) : null)
            {
                read++;
                if (next.Message.Value is { } value)
                {
                    var (positionId, row) = PlainRecords.Read(value);
                    rows[positionId] = row;
                }
            }

            if (rows.Count > 0)
            {
                await CommitAsync(rows);
            }

            Interlocked.Add(ref _read, read);
        }
    }

    private async Task CommitAsync(Dictionary<string, Position?> rows)
    {
        var (put, delete) = (new StringBuilder("INSERT INTO positions VALUES "), new StringBuilder("DELETE FROM positions WHERE position_id IN ("));
        var (puts, deletes) = (0, 0);
        foreach (var (id, row) in rows)
        {
            // The day's names have no quotes.
            if (row is null)
            {
                delete.Append(deletes++ == 0 ? "'" : ", '").Append(id).Append('\'');
            }
            else
            {
                put.Append(puts++ == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"('{id}', '{row.Desk}', {row.Delta})");
            }
        }

        await using var transaction = await _connection.BeginTransactionAsync();
        foreach (var sql in new[] { puts > 0 ? put.Append(" ON DUPLICATE KEY UPDATE desk = VALUES(desk), delta = VALUES(delta)").ToString() : null, deletes > 0 ? delete.Append(')').ToString() : null }.OfType<string>())
        {
            await using var command = new MySqlCommand(sql, _connection, transaction);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
