using System.Text;
using System.Text.RegularExpressions;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>
/// Whatever a user tries with the name of something that belongs to others, the answer is that of a name which nobody has: the same bytes but for
/// the name, ids and times, and the same work.
/// </summary>
public sealed partial class ForeignAndUnknownTests : IAsyncDisposable
{
    private readonly Book _book = new();
    private Frontend? _frontend;

    public ForeignAndUnknownTests()
    {
        _book.Limit("house", 1_000);
        _book.Limit("limit-of-FX", 500, desk: "FX");
        _book.Limit("limit-of-Rates", 500, desk: "Rates");
        _book.Limit("desk:FX:net_delta:standard:overnight", 500, desk: "FX", horizon: "overnight");
        _book.Put("Rates", "POS-R", 2_000, trader: "trader-r", security: "SEC-R");
        _book.Put("FX", "POS-F", 2_000, trader: "trader-f", security: "SEC-F", currency: "EUR");
        _book.Exhaust(_book.AlertOf("Rates"));
        _book.Exhaust(_book.AlertOf("FX"));
    }

    public static TheoryData<string, string, string?> Http
    {
        get
        {
            var data = new TheoryData<string, string, string?>();
            foreach (var path in new[]
            {
                "/desks/{desk}/exposure", "/desks/exposure?desk={desk}", "/desks/exposure?desk={desk}&as_of=2026-05-04T11:00:00Z", "/desks/exposure?desk={desk}&as_of=2026-05-03",
                "/desks/exposure?desk={desk}&horizon=overnight", "/alerts?desk={desk}", "/alerts?desk={desk}&cursor=x", "/alerts?request_id={request}", "/alerts/{alert}", "/alerts/{alert}/report",
                "/limits?desk={desk}", "/limits?desk={desk}&cursor=x", "/positions?desk={desk}", "/positions?trader_id={trader}", "/positions?security_id={security}",
                "/positions?currency={currency}", "/exposure?group_by=desk&desk={desk}", "/exposure?group_by=trader&trader_id={trader}", "/exposure?group_by=security&desk={desk}",
            })
            {
                data.Add("GET", path, null);
            }

            data.Add("POST", "/alerts/{alert}/ack", null);
            data.Add("POST", "/alerts/{alert}/ack", """{"comment":"x"}""");
            data.Add("POST", "/alerts/{alert}/ack", """{"delivery_id":"dlv_1"}""");
            data.Add("POST", "/alerts/{alert}/replay", null);
            data.Add("POST", "/ask", """{"question":"what is the exposure of {desk}?"}""");
            data.Add("POST", "/ask", """{"question":"open alerts of {desk}"}""");
            foreach (var body in new[]
            {
                """{"version":0,"reason":"x","threshold":"1"}""",
                """{"version":1,"reason":"x","threshold":"1"}""",
                """{"version":7,"reason":"x","cure_ratio":9}""",
                "{}",
                """{"version":0,"reason":"x","threshold":"1","profile":"standard","scope_kind":"desk","scope_key":"Rates","metric":"gross_delta","horizon":"intraday"}""",
                """{"version":0,"reason":"x","threshold":"1","profile":"standard","scope_kind":"desk","scope_key":"{desk}","metric":"gross_delta","horizon":"intraday"}""",
                """{"version":1,"reason":"x","threshold":"1","profile":"standard","scope_kind":"desk","scope_key":"{desk}","metric":"net_delta","horizon":"intraday"}""",
            })
            {
                data.Add("PUT", "/limits/{limit}", body);
                data.Add("PUT", "/limits/desk:{desk}:net_delta:standard:overnight", body);
            }

            // An id of the user's own desk binds what it says or nothing, whoever's desk is named.
            data.Add("PUT", "/limits/desk:Rates:own", """{"version":0,"reason":"x","threshold":"1","profile":"standard","scope_kind":"desk","scope_key":"{desk}","metric":"gross_delta","horizon":"intraday"}""");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Http), DisableDiscoveryEnumeration = true)]
    public async Task Over_HTTP(string method, string path, string? body)
    {
        var foreign = await AskAsync(method, path, body, Foreign);
        var work = Work();
        var unknown = await AskAsync(method, path, body, Unknown);

        Assert.Equal(unknown, foreign);
        Assert.Equal(work, Work());
        Assert.DoesNotContain("FX", _book.Activated);
        Assert.DoesNotContain("Gold", _book.Activated);
        Assert.Equal(500, _book.Limits.Single(limit => limit.LimitId == "limit-of-FX").Threshold);
    }

    public static TheoryData<string, string> Messages => new()
    {
        { "tools/call", """{"name":"monitor_desk_exposure","arguments":{"desk":"{desk}"}}""" },
        { "tools/call", """{"name":"monitor_desk_exposure","arguments":{"desk":"{desk}","as_of":"2026-05-03"}}""" },
        { "tools/call", """{"name":"get_exposure","arguments":{"group_by":"desk","desk":"{desk}"}}""" },
        { "tools/call", """{"name":"get_exposure","arguments":{"group_by":"trader","trader_id":"{trader}"}}""" },
        { "tools/call", """{"name":"query_positions","arguments":{"desk":"{desk}"}}""" },
        { "tools/call", """{"name":"query_positions","arguments":{"security_id":"{security}"}}""" },
        { "tools/call", """{"name":"query_alerts","arguments":{"desk":"{desk}"}}""" },
        { "tools/call", """{"name":"query_alerts","arguments":{"request_id":"{request}"}}""" },
        { "tools/call", """{"name":"get_alert","arguments":{"alert_id":"{alert}"}}""" },
        { "tools/call", """{"name":"get_limits","arguments":{"desk":"{desk}"}}""" },
        { "tools/call", """{"name":"ask_risk","arguments":{"question":"is {desk} in breach?"}}""" },
        { "resources/read", """{"uri":"risk://desks/{desk}/exposure"}""" },
        { "resources/read", """{"uri":"risk://desks/{desk}/limits"}""" },
        { "resources/read", """{"uri":"risk://alerts/{alert}"}""" },
        { "prompts/get", """{"name":"analyze_risk_breach","arguments":{"alert_id":"{alert}"}}""" },
        { "prompts/get", """{"name":"morning_risk_brief","arguments":{"desk":"{desk}"}}""" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"morning_risk_brief"},"argument":{"name":"desk","value":"{desk}"}}""" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"morning_risk_brief"},"argument":{"name":"trader_id","value":"{trader}"}}""" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"morning_risk_brief"},"argument":{"name":"trader_id","value":"t"},"context":{"arguments":{"desk":"{desk}"}}}""" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"analyze_risk_breach"},"argument":{"name":"alert_id","value":"{alert}"}}""" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Over_MCP(string method, string parameters)
    {
        var foreign = await SendAsync(method, parameters, Foreign);
        var work = Work();
        var unknown = await SendAsync(method, parameters, Unknown);

        Assert.Equal(unknown, foreign);
        Assert.Equal(work, Work());
        Assert.DoesNotContain("FX", _book.Activated);
    }

    [Fact]
    public async Task An_administrator_of_a_desk_sets_its_limits_under_ids_of_its_own_and_those_that_are_there()
    {
        var (status, _) = await PutAsync("limit-of-Rates", """{"version":1,"reason":"x","threshold":"700"}""");
        var (created, _) = await PutAsync(
            "desk:Rates:gross_delta:standard:intraday",
            """{"version":0,"reason":"x","threshold":"1","profile":"standard","scope_kind":"desk","scope_key":"Rates","metric":"gross_delta","horizon":"intraday"}""");
        var (forbidden, problem) = await PutAsync("house", """{"version":1,"reason":"x","threshold":"1"}""");

        Assert.Equal((200, 200, 403), (status, created, forbidden));
        Assert.Contains("administrator of all desks", problem, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_frontend is not null)
        {
            await _frontend.DisposeAsync();
        }
    }

    private string Foreign(string text) => text
        .Replace("{desk}", "FX", StringComparison.Ordinal).Replace("{alert}", _book.AlertOf("FX").ToString("D"), StringComparison.Ordinal)
        .Replace("{request}", _book.Alert(_book.AlertOf("FX")).RequestId, StringComparison.Ordinal).Replace("{trader}", "trader-f", StringComparison.Ordinal)
        .Replace("{security}", "SEC-F", StringComparison.Ordinal).Replace("{currency}", "EUR", StringComparison.Ordinal).Replace("{limit}", "limit-of-FX", StringComparison.Ordinal);

    private static string Unknown(string text) => text
        .Replace("{desk}", "Gold", StringComparison.Ordinal).Replace("{alert}", "0f0f0f0f-5a52-5a0c-9d55-0d6f6a4f9b11", StringComparison.Ordinal)
        .Replace("{request}", "req_00000000000000000000000000000001", StringComparison.Ordinal).Replace("{trader}", "trader-x", StringComparison.Ordinal)
        .Replace("{security}", "SEC-X", StringComparison.Ordinal).Replace("{currency}", "CHF", StringComparison.Ordinal).Replace("{limit}", "limit-of-nobody", StringComparison.Ordinal);

    /// <summary>How often storage and grains were asked since the last look.</summary>
    private int Work() => Interlocked.Exchange(ref _asked, 0);

    private int _asked;

    private async Task<(Frontend Frontend, string Key)> OfRatesAsync()
    {
        if (_frontend is null)
        {
            // The clock stands, so that what calls of a short time share is shared by all of them.
            _frontend = await Frontend.StartAsync(_book, new Registry(), new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
            _frontend.Registry.Add("adam", Role.Admin, Clearance.Trader, "Rates");
            // What a first call fills is filled.
            _key = _frontend.Registry.Add("eve", Role.Admin, Clearance.Trader, "Rates");
            await _frontend.AsAsync(_key, "/api/v1/positions");
            _book.Before = () =>
            {
                Interlocked.Increment(ref _asked);
                return Task.CompletedTask;
            };
        }

        return (_frontend, _key);
    }

    private string _key = "";

    private async Task<string> AskAsync(string method, string path, string? body, Func<string, string> named)
    {
        var (frontend, key) = await OfRatesAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + named(path));
        request.Content = body is null ? null : new StringContent(named(body), Encoding.UTF8, "application/json");
        request.Headers.Add("X-Api-Key", key);
        using var response = await frontend.Client.SendAsync(request);
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Content-Length"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
        return Neutral($"{(int)response.StatusCode}\n{headers}\n{await response.Content.ReadAsStringAsync()}", named);
    }

    private async Task<string> SendAsync(string method, string parameters, Func<string, string> named)
    {
        var (frontend, key) = await OfRatesAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{named(parameters)}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        request.Headers.Add("X-Api-Key", key);
        using var response = await frontend.Client.SendAsync(request);
        return $"{(int)response.StatusCode}\n{Neutral(await response.Content.ReadAsStringAsync(), named)}";
    }

    private async Task<(int Status, string Body)> PutAsync(string limit, string body)
    {
        var (frontend, key) = await OfRatesAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/limits/{limit}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Api-Key", key);
        using var response = await frontend.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Without the name that was asked for, request ids and times.</summary>
    private static string Neutral(string answer, Func<string, string> named)
    {
        foreach (var what in new[] { "{alert}", "{request}", "{trader}", "{security}", "{limit}", "{desk}", "{currency}" })
        {
            answer = answer.Replace(named(what), what, StringComparison.OrdinalIgnoreCase);
        }

        return Varying().Replace(answer, "…");
    }

    [GeneratedRegex(@"req_[0-9a-f]{32}(\.\d+)?|\d{4}-\d{2}-\d{2}T[0-9:.]+Z|""(took|duration)[a-z_]*"":[0-9.]+")]
    private static partial Regex Varying();
}
