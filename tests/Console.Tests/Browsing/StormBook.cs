using RiskMonitor.Host.Tests;
using RiskMonitor.Host.Tests.Hosting;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>A running host with forty desks within their limits, of which most can be taken over them within a moment.</summary>
internal sealed class StormBook : IAsyncDisposable
{
    public const int Desks = 40;

    private static readonly string[] s_places = ["London", "New York", "Hong Kong", "Frankfurt", "Singapore"];
    private static readonly string[] s_books = ["Rates", "FX Options", "Credit Indices", "Equity Delta One", "Commodities", "Index Options", "Convertibles", "Repo"];

    private readonly TemporaryDirectory _data = new();
    private readonly Random _random = new(7);

    public HostProcess Host { get; private set; } = null!;

    public TradingClient Trading { get; private set; } = null!;

    public static string Desk(int i) => $"{s_books[i % s_books.Length]} {s_places[i / s_books.Length]}";

    public static async Task<StormBook> StartAsync()
    {
        var book = new StormBook();
        book.Host = await HostProcess.StartAsync(
            ["--no-demo", "--port", "0", "--data", book._data.Path], new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = "5000000" });
        book.Trading = new TradingClient(book._data.Path);
        for (var i = 0; i < Desks; i++)
        {
            book.Trading.Open($"A{i}", Desk(i), 400_000m + (93_000m * i));
            book.Trading.Open($"B{i}", Desk(i), -250_000m + (11_000m * i));
        }

        await Eventually.IsTrueAsync("the book is read", async () => (await book.Host.DesksAsync()).Count == Desks);
        return book;
    }

    /// <summary>One round of trades: most desks are over their limit after it, each time by another amount.</summary>
    public void Storm()
    {
        for (var i = 0; i < Desks; i++)
        {
            if (i % 5 != 4)
            {
                Trading.Reprice($"A{i}", 5_100_000 + (i * 130_000) + _random.Next(900_000));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Trading.Dispose();
        await Host.DisposeAsync();
        _data.Dispose();
    }
}
