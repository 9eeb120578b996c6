using System.Globalization;
using System.Text.Json.Nodes;
using RiskMonitor.Benchmarks.Load;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Conformance;

namespace RiskMonitor.Benchmarks.Scenarios;

/// <summary>One desk's exposure over MCP and over the HTTP API, beside what the MCP transport costs when its tool does nothing.</summary>
internal sealed class Mcp : IScenario
{
    private const int Paced = 1_000;

    public string Name => "mcp";

    public string Says =>
        $"one desk's exposure asked for over {Connections.Count} connections that stay open, server and clients in two processes of this machine; "
        + $"{ServedBook.Desks} desks of {Trading.PositionsPerDesk} positions";

    public async IAsyncEnumerable<Contest> PrepareAsync(Effort effort)
    {
        await using var book = await ServedBook.StartAsync(effort.Of(Trading.PositionsPerDesk));
        await using var fixtures = await ServerProcess.StartAsync(BuiltProgram.FixtureHost, [], ServedBook.Memory);
        var desks = Enumerable.Range(0, ServedBook.Desks).Select(Trading.DeskName).ToList();
        using var calls = new Connections(book.Program, Call(book.Program, "monitor_desk_exposure", desks.Select(desk => new JsonObject { ["desk"] = desk })));
        using var gets = new Connections(book.Program, Get(book.Program, desks));
        using var nothing = new Connections(fixtures, Call(fixtures, "test_simple_text", [[]]));

        yield return Contest("closed loop: each connection asks again at once", connections => connections.ClosedLoopAsync(effort.Of(10_000)));
        yield return Contest(
            string.Create(CultureInfo.InvariantCulture, $"paced: {Paced:#,0} requests a second"), connections => connections.PacedAsync(effort.Of(3_000), Paced));

        Contest Contest(string title, Func<Connections, Task<IReadOnlyList<Reading>>> measure) => new(
            title,
            [
                new Contender("tools/call monitor_desk_exposure", () => measure(calls)),
                new Contender("GET /api/v1/desks/{desk}/exposure", () => measure(gets)),
                new Contender("tools/call of a tool that does nothing", () => measure(nothing)),
            ]);
    }

    private static Func<int, HttpRequestMessage> Get(ServerProcess server, IEnumerable<string> desks)
    {
        var addresses = desks.Select(desk => new Uri($"{server.Address}/api/v1/desks/{Uri.EscapeDataString(desk)}/exposure")).ToArray();
        return number => new HttpRequestMessage(HttpMethod.Get, addresses[number % addresses.Length]);
    }

    private static Func<int, HttpRequestMessage> Call(ServerProcess server, string tool, IEnumerable<JsonObject> arguments)
    {
        var address = new Uri(server.Mcp);
        var bodies = arguments.Select(values => ToolCall.Body("benchmarks", tool, values)).ToArray();
        return number => ToolCall.Request(address, tool, bodies[number % bodies.Length]);
    }
}
