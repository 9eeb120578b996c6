using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RiskMonitor.Conformance;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>The product in a process of its own, all options at their defaults, with a book that came in through the trading system's table.</summary>
internal sealed class ServedBook : IAsyncDisposable
{
    public const int Desks = 200;

    private const int Securities = 100;

    /// <summary>The garbage collector as the product's, which <c>./run</c> gives a larger nursery.</summary>
    public static readonly IReadOnlyList<KeyValuePair<string, string>> Memory = [new("DOTNET_gcServer", "1"), new("DOTNET_GCgen0size", "4000000")];

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("riskmonitor-benchmark-");

    private ServedBook()
    {
    }

    public ServerProcess Program { get; private set; } = null!;

    public static async Task<ServedBook> StartAsync(int positionsPerDesk)
    {
        var book = new ServedBook();
        book.Program = await ServerProcess.StartAsync(
            BuiltProgram.Product,
            ["--no-demo", "--port", "0", "--data", book._data.FullName],
            [.. Memory, new("RiskMonitor__Limits__DefaultNetDelta", Trading.NeverReached.ToString(CultureInfo.InvariantCulture))]);
        book.Fill(positionsPerDesk);
        await book.AppliedAsync(Desks * positionsPerDesk);
        return book;
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private void Fill(int positionsPerDesk)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(_data.FullName, "positions.db"),
            Mode = SqliteOpenMode.ReadWrite,
            DefaultTimeout = 30,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO positions (position_id, trader_id, desk, security_id, quantity, delta, entry_date, currency)
            VALUES ($id, $trader, $desk, $security, '100.0000', $delta, '2026-11-20', $currency)
            """;
        var id = command.Parameters.Add("$id", SqliteType.Text);
        var trader = command.Parameters.Add("$trader", SqliteType.Text);
        var desk = command.Parameters.Add("$desk", SqliteType.Text);
        var security = command.Parameters.Add("$security", SqliteType.Text);
        var delta = command.Parameters.Add("$delta", SqliteType.Text);
        var currency = command.Parameters.Add("$currency", SqliteType.Text);
        for (var i = 0; i < Desks * positionsPerDesk; i++)
        {
            var row = i / Desks;
            id.Value = $"P{i:D6}";
            trader.Value = $"trader_{row % 20:D2}";
            desk.Value = Trading.DeskName(i % Desks);
            security.Value = $"SEC-{row % Securities:D3}";
            delta.Value = ((i % 2_001) - 1_000).ToString("0.0000", CultureInfo.InvariantCulture);
            currency.Value = row % 3 == 0 ? "EUR" : "USD";
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private async Task AppliedAsync(int positions)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Program.Address) };
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            var answer = await http.GetFromJsonAsync<JsonObject>($"/api/v1/desks?page_size={Desks}", deadline.Token);
            if (answer!["desks"]!.AsArray().Sum(desk => (int)desk!["position_count"]!) == positions)
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(deadline.Token));
    }
}
