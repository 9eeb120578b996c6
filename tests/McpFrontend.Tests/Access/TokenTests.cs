using System.Buffers.Text;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class TokenTests : IAsyncLifetime
{
    private const string Path = "/api/v1/desks";

    private readonly Book _book = new();
    private IdentityProvider _provider = null!;
    private Frontend _frontend = null!;

    public async ValueTask InitializeAsync()
    {
        _book.Put("Rates", "P1", 10);
        _book.Put("FX", "P2", 20);
        _provider = await IdentityProvider.StartAsync();
        _frontend = await StartAsync(("Access:Jwt:JwksUri", $"{_provider.Issuer}/keys"), ("Access:Jwt:Issuer", _provider.Issuer));
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_token_lets_its_user_in_with_the_rights_that_it_claims()
    {
        var (status, answer) = await _frontend.AsAsync(_provider.Token(), Path);

        Assert.Equal(200, status);
        Assert.Equal(("jo@bank.example", "viewer", "trader"), ((string?)answer["scope"]!["user"], (string?)answer["scope"]!["role"], (string?)answer["scope"]!["clearance"]));
        Assert.Equal("Rates", (string?)Assert.Single(answer["desks"]!.AsArray())!["desk"]);
        Assert.Equal(1, (int)answer["total"]!);
        Assert.Equal(401, (await _frontend.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_star_is_all_desks_and_a_provider_may_sign_with_RSA()
    {
        _provider.Rotate(rsa: true);

        var (status, answer) = await _frontend.AsAsync(_provider.Token(("risk_desks", "*")), Path);

        Assert.Equal((200, 2), (status, (int)answer["total"]!));
    }

    public static TheoryData<string, object?, string> WrongClaims => new()
    {
        { "aud", "another-service", "another service" },
        { "aud", null, "another service" },
        { "iss", "https://evil.example", "another issuer" },
        { "iss", null, "another issuer" },
        { "exp", DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds(), "expired" },
        { "exp", null, "no exp" },
        { "nbf", DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds(), "not valid yet" },
        { "sub", null, "claim sub" },
        { "sub", "local-admin", "claim sub" },
        { "sub", "two\nlines", "claim sub" },
        { "risk_role", null, "claim risk_role" },
        { "risk_role", "root", "viewer, risk_manager, operator, admin" },
        { "risk_role", new[] { "admin" }, "claim risk_role" },
        { "risk_desks", null, "claim risk_desks" },
        { "risk_desks", Array.Empty<string>(), "claim risk_desks" },
        { "risk_desks", "Rates", "claim risk_desks" },
        { "risk_clearance", null, "claim risk_clearance" },
    };

    [Theory]
    [MemberData(nameof(WrongClaims), DisableDiscoveryEnumeration = true)]
    public async Task A_token_that_does_not_fit_is_refused_with_what_to_change(string claim, object? value, string reason)
    {
        var (status, problem) = await _frontend.AsAsync(_provider.Token((claim, value)), Path);

        Assert.Equal(401, status);
        Assert.Contains(reason, (string?)problem["detail"]);
        Assert.DoesNotContain(_provider.Issuer, problem.ToJsonString());
    }

    [Fact]
    public async Task A_token_without_a_signature_is_none()
    {
        var parts = _provider.Token().Split('.');
        var none = Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8);

        foreach (var forged in new[] { $"{none}.{parts[1]}.", $"{none}.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", "a.b.c" })
        {
            Assert.Equal(401, (await _frontend.AsAsync(forged, Path)).Status);
        }
    }

    [Fact]
    public async Task The_public_key_is_no_shared_secret()
    {
        // The classic confusion: what everybody may know, taken for the key of an HMAC.
        _provider.Rotate(rsa: true);
        var publicKey = _provider.RsaKey.Rsa.ExportSubjectPublicKeyInfoPem();
        var forged = IdentityProvider.Signed(
            _provider.Claims(), new SigningCredentials(new SymmetricSecurityKey(Encoding.ASCII.GetBytes(publicKey)) { KeyId = _provider.RsaKey.KeyId }, SecurityAlgorithms.HmacSha256));

        Assert.Equal(401, (await _frontend.AsAsync(forged, Path)).Status);
    }

    [Fact]
    public async Task A_changed_token_and_one_of_a_stranger_are_refused()
    {
        var parts = _provider.Token().Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("viewer", "admin", StringComparison.Ordinal);
        var changed = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
        await using var stranger = await IdentityProvider.StartAsync();

        Assert.Equal(401, (await _frontend.AsAsync(changed, Path)).Status);
        Assert.Equal(401, (await _frontend.AsAsync(stranger.Token(("iss", _provider.Issuer)), Path)).Status);
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_known_at_the_first_token_and_the_old_ones_tokens_end()
    {
        var old = _provider.Token();
        _provider.Rotate();

        Assert.Equal(200, (await _frontend.AsAsync(_provider.Token(), Path)).Status);
        Assert.Equal(401, (await _frontend.AsAsync(old, Path)).Status);
    }

    [Fact]
    public async Task Invented_keys_do_not_have_the_provider_asked_for_each()
    {
        await _frontend.AsAsync(_provider.Token(), Path);
        await using var stranger = await IdentityProvider.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            stranger.Rotate();
            Assert.Equal(401, (await _frontend.AsAsync(stranger.Token(("iss", _provider.Issuer)), Path)).Status);
        }

        Assert.InRange(_provider.Fetches, 1, 3);
    }

    [Fact]
    public async Task A_provider_that_is_down_stops_tokens_only_and_nobody_waits_long()
    {
        var never = new TaskCompletionSource();
        _provider.BeforeKeys = cancellationToken => never.Task.WaitAsync(cancellationToken);
        await using var frontend = await StartAsync(
            ("Access:Jwt:Authority", _provider.Issuer), ("Access:Jwt:Timeout", "00:00:00.200"));
        var annsKey = frontend.Registry.Add("ann");

        var waiting = frontend.AsAsync(_provider.Token(), Path);
        Assert.Equal(200, (await frontend.AsAsync(annsKey, Path)).Status);
        var (status, problem) = await waiting.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((503, "unavailable", true), (status, (string?)problem["code"], (bool)problem["retryable"]!));
    }

    [Fact]
    public async Task The_last_known_keys_go_on_while_the_provider_is_down()
    {
        Assert.Equal(200, (await _frontend.AsAsync(_provider.Token(), Path)).Status);
        _provider.BeforeKeys = _ => throw new IOException("down");

        Assert.Equal(200, (await _frontend.AsAsync(_provider.Token(), Path)).Status);
    }

    [Fact]
    public async Task The_provider_may_be_found_by_its_authority_but_not_speak_for_another()
    {
        await using var right = await StartAsync(("Access:Jwt:Authority", _provider.Issuer));
        await using var wrong = await StartAsync(("Access:Jwt:Authority", _provider.Issuer), ("Access:Jwt:Issuer", "https://other.example"));

        Assert.Equal(200, (await right.AsAsync(_provider.Token(), Path)).Status);
        Assert.Equal(503, (await wrong.AsAsync(_provider.Token(("iss", "https://other.example")), Path)).Status);
    }

    [Fact]
    public async Task A_shared_key_lets_in_what_is_signed_with_it_and_nothing_else()
    {
        var shared = new byte[32];
        Random.Shared.NextBytes(shared);
        await using var frontend = await StartAsync(
            ("Access:Jwt:Key", Convert.ToBase64String(shared)),
            ("Access:Jwt:Issuer", "https://own.example"),
            ("Access:Jwt:UserClaim", "name"),
            ("Access:Jwt:DesksClaim", "https://risk.example/desks"));
        var claims = _provider.Claims(("iss", "https://own.example"), ("name", "jo"), ("https://risk.example/desks", new[] { "FX" }));

        var (status, answer) = await frontend.AsAsync(Signed(shared), Path);
        shared[0]++;

        Assert.Equal((200, "jo", "FX"), (status, (string?)answer["scope"]!["user"], (string?)answer["scope"]!["desks"]![0]));
        Assert.Equal(401, (await frontend.AsAsync(Signed(shared), Path)).Status);
        Assert.Equal(401, (await frontend.AsAsync(_provider.Token(("iss", "https://own.example"), ("name", "jo")), Path)).Status);

        string Signed(byte[] key) => IdentityProvider.Signed(claims, new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256));
    }

    [Fact]
    public async Task Without_a_provider_a_token_is_told_so()
    {
        await using var frontend = await Frontend.StartAsync(_book);
        frontend.Registry.Add("ann");

        var (status, problem) = await frontend.AsAsync(_provider.Token(), Path);

        Assert.Equal(401, status);
        Assert.Contains("no identity provider is configured", (string?)problem["detail"]);
    }

    private Task<Frontend> StartAsync(params (string, string)[] settings) =>
        Frontend.StartAsync(_book, [("Access:Jwt:Audience", IdentityProvider.Audience), .. settings]);
}
