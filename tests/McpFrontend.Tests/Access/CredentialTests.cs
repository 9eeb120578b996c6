using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class CredentialTests
{
    private const string Path = "/api/v1/desks";

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("X-Api-Key", "{0}")]
    public async Task A_key_lets_its_user_in(string header, string value)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var key = frontend.Registry.Add("ann");

        using var response = await frontend.SendAsync(HttpMethod.Get, Path, (header, string.Format(null, value, key)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ann", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["scope"]!["user"]);
    }

    [Fact]
    public async Task Once_there_is_a_user_nobody_comes_in_without_credentials()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        Assert.Equal("local-admin", (string?)(await frontend.OkAsync(Path))["scope"]!["user"]);
        Assert.Equal("none", (string?)(await frontend.OkAsync("/health"))["authentication"]);

        frontend.Registry.Add("ann");
        using var response = await frontend.SendAsync(HttpMethod.Get, Path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("unauthenticated", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]);
        Assert.Equal("required", (string?)(await frontend.OkAsync("/health"))["authentication"]);
    }

    [Fact]
    public async Task Revoking_the_last_user_does_not_open_the_door_to_everybody()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var key = frontend.Registry.Add("ann");
        Assert.Equal(200, (await frontend.AsAsync(key, Path)).Status);

        await frontend.Registry.RevokeAsync("ann", "test", default);

        Assert.Equal(401, (await frontend.AsAsync(key, Path)).Status);
        Assert.Equal(401, (await frontend.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_user_whom_another_process_adds_comes_in_without_a_restart()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        frontend.Registry.Add("ann");
        Assert.Equal(401, (await frontend.GetAsync(Path)).Status);
        var key = ApiKey.New();
        frontend.Registry.AddFromElsewhere(new RiskUser("bob", Role.Viewer, null, Clearance.Desk), key);

        // As soon as the copy of the table is old enough to be read again for a key that is new to it.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await frontend.AsAsync(key.Reveal(), Path)).Status != 200)
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_wrong_credential_is_refused_also_where_none_is_needed()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        Assert.Equal(401, (await frontend.AsAsync(ApiKey.New().Reveal(), Path)).Status);
    }

    public static TheoryData<string> WrongKeys => new()
    {
        "rmk_", "rmk_0011223344556677", "rmk_0011223344556677_", "nonsense", "",
        // The right length with what is no base64url, and upper case in the id.
        $"rmk_0011223344556677_{new string('!', 43)}",
        $"rmk_001122334455667A_{new string('A', 43)}",
        new string('x', 20_000),
    };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task What_is_no_key_is_refused_without_being_repeated(string wrong)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var key = frontend.Registry.Add("ann");

        using var response = await frontend.SendAsync(HttpMethod.Get, Path, ("X-Api-Key", wrong));
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(key[4..], body, StringComparison.Ordinal);
        Assert.False(wrong.Length > 8 && body.Contains(wrong, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_with_another_secret_is_refused_like_one_that_nobody_has()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var key = frontend.Registry.Add("ann");
        var guessed = key[..^43] + ApiKey.New().Reveal()[^43..];

        var (status, wrong) = await frontend.AsAsync(guessed, Path);
        var (_, unknown) = await frontend.AsAsync(ApiKey.New().Reveal(), Path);

        Assert.Equal(401, status);
        Assert.Equal((string?)unknown["detail"], (string?)wrong["detail"]);
    }

    [Fact]
    public async Task Two_credentials_that_disagree_are_refused_and_two_that_agree_are_one()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));

        using var disagree = await frontend.SendAsync(HttpMethod.Get, Path, ("Authorization", $"Bearer {ann}"), ("X-Api-Key", bob));
        using var agree = await frontend.SendAsync(HttpMethod.Get, Path, ("Authorization", $"Bearer {ann}"), ("X-Api-Key", ann));

        Assert.Equal(HttpStatusCode.Unauthorized, disagree.StatusCode);
        Assert.Contains("say different things", await disagree.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, agree.StatusCode);
    }

    [Theory]
    [InlineData("Authorization: Bearer {0}\r\nAuthorization: Bearer {1}", 401)]
    [InlineData("Authorization: Bearer {0}\r\nauthorization: Bearer {0}", 401)]
    [InlineData("X-Api-Key: {0}\r\nX-API-KEY: {1}", 401)]
    [InlineData("Authorization: Bearer {0}, Bearer {1}", 401)]
    [InlineData("Authorization: Basic {0}", 401)]
    [InlineData("Authorization : Bearer {0}", 400)]
    [InlineData("Authorization: Bearer\r\n {0}", 400)]
    [InlineData("X-Api-Key: {0}", 200)]
    public async Task Headers_that_two_readers_could_read_in_two_ways_are_refused(string headers, int status)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var (ann, bob) = (frontend.Registry.Add("ann"), frontend.Registry.Add("bob"));

        Assert.Equal(status, await RawStatusAsync(frontend, string.Format(null, headers, ann, bob)));
    }

    [Fact]
    public async Task Headers_beyond_all_measure_are_refused_by_the_server_itself()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        Assert.Equal(431, await RawStatusAsync(frontend, $"X-Api-Key: {new string('x', 40_000)}"));
    }

    [Fact]
    public async Task Names_and_desks_of_any_script_work()
    {
        var book = new Book();
        book.Put("Zinsen, Köln/短期", "P1", 5);
        await using var frontend = await Frontend.StartAsync(book);
        var key = frontend.Registry.Add("Žofie 王", Role.Viewer, Clearance.Desk, "Zinsen, Köln/短期");

        var (status, answer) = await frontend.AsAsync(key, $"/api/v1/desks/exposure?desk={Uri.EscapeDataString("Zinsen, Köln/短期")}");

        Assert.Equal(200, status);
        Assert.Equal("Žofie 王", (string?)answer["scope"]!["user"]);
        Assert.Equal("Zinsen, Köln/短期", (string?)answer["scope"]!["desks"]![0]);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    public async Task What_a_proxy_on_this_machine_passes_on_is_not_local(string header, string value)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        using var response = await frontend.SendAsync(HttpMethod.Get, Path, (header, value));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task While_the_table_cannot_be_read_nobody_is_guessed_to_be_an_administrator()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        frontend.Registry.BeforeReading = () => throw new IOException("disk");

        var (status, problem) = await frontend.GetAsync(Path);

        Assert.Equal((503, "unavailable"), (status, (string?)problem["code"]));
    }

    [Fact]
    public async Task A_configured_user_comes_in_like_one_of_the_table()
    {
        var key = ApiKey.New();
        await using var frontend = await Frontend.StartAsync(
            new Book(),
            ("Access:Users:0:Name", "ops"),
            ("Access:Users:0:Role", "operator"),
            ("Access:Users:0:Desks:0", "*"),
            ("Access:Users:0:Clearance", "desk"),
            ("Access:Users:0:KeyHash", KeyHash.Of(key).ToString()));

        var (status, answer) = await frontend.AsAsync(key.Reveal(), Path);

        Assert.Equal((200, "ops", "operator", "*"), (status, (string?)answer["scope"]!["user"], (string?)answer["scope"]!["role"], (string?)answer["scope"]!["desks"]));
        Assert.Equal(401, (await frontend.GetAsync(Path)).Status);
    }

    private static async Task<int> RawStatusAsync(Frontend frontend, string headers)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, frontend.Client.BaseAddress!.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET {Path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], null);
    }
}
