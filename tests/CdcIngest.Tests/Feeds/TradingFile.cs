using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.CdcIngest.Sqlite;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>A trading system's file in a directory of its own, and clients that write to it.</summary>
internal sealed class TradingFile : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("outbox");

    public string Path => System.IO.Path.Combine(directory.FullName, "positions.db");

    public OutboxFeed Feed(Action<OutboxFeedOptions>? configure = null)
    {
        var options = new OutboxFeedOptions { Path = Path };
        configure?.Invoke(options);
        return new OutboxFeed(options, TimeProvider.System, NullLogger<OutboxFeed>.Instance);
    }

    /// <summary>Runs SQL as any client would, over a connection of its own.</summary>
    public void Run(string sql)
    {
        using var client = Client();
        Run(client, sql);
    }

    public static void Run(SqliteConnection client, string sql)
    {
        using var command = client.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public SqliteConnection Client()
    {
        var client = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        client.Open();

        // No test pulls the plug, and a disk that others keep busy would decide how long a test takes.
        Run(client, "PRAGMA synchronous = OFF");
        return client;
    }

    public T Ask<T>(string sql)
    {
        using var client = Client();
        using var command = client.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public static string Insert(string id, string desk = "Rates", string delta = "'10.5'", string how = "INSERT") =>
        $"""
        {how} INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
        VALUES ('{id}', 't1', '{desk}', 'ESZ6', 1, {delta}, '2026-05-02', 'USD');
        """;

    public void Delete()
    {
        foreach (var file in directory.GetFiles())
        {
            file.Delete();
        }
    }

    public void Dispose() => directory.Delete(recursive: true);
}
