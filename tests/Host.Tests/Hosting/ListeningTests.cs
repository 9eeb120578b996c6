using System.Globalization;
using System.Net;

namespace RiskMonitor.Host.Tests.Hosting;

public sealed class ListeningTests : IDisposable
{
    /// <summary>TCP_LISTEN in the fourth column of /proc/net/tcp.</summary>
    private const string Listening = "0A";

    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task The_process_listens_on_its_HTTP_port_and_on_nothing_else()
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path, "--no-demo"]);

        Assert.Equal([host.Http.BaseAddress!.Port], ListeningPorts(host.Id));
    }

    /// <summary>Clients of older revisions ask for a stream first, and take any other status for a broken connection.</summary>
    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task The_MCP_server_takes_POST_alone_though_the_console_has_routes_for_everything(string method)
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path, "--no-demo"]);
        using var request = new HttpRequestMessage(new HttpMethod(method), "mcp");
        request.Headers.Add("Accept", "text/event-stream");

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("GET", "api/v1/alerts/x/ack", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "no/such/path", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "no/such/path", HttpStatusCode.NotFound)]
    public async Task What_has_no_route_is_told_from_a_method_that_a_route_does_not_take(string method, string path, HttpStatusCode expected)
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path, "--no-demo"]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    public void Dispose() => _data.Dispose();

    private static List<int> ListeningPorts(int process)
    {
        var sockets = Directory.GetFiles($"/proc/{process}/fd")
            .Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])
            .ToHashSet();
        return
        [
            .. new[] { "tcp", "tcp6" }
                .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns[3] == Listening && sockets.Contains(columns[9]))
                .Select(columns => int.Parse(columns[1][(columns[1].IndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
    }
}
