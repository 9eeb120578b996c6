using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Access;

/// <summary>Tokens whose signature is right, and whose parts are not what they should be.</summary>
public sealed class TokenShapeTests
{
    private static readonly byte[] s_key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""", 200)]
    [InlineData("""{"alg":"HS256","crit":["exp"],"exp":1}""", 401)]
    [InlineData("""{"alg":"HS256","crit":["b64"],"b64":true}""", 401)]
    [InlineData("""{"alg":"HS256","crit":[]}""", 401)]
    [InlineData("""{"alg":"HS256","crit":null}""", 401)]
    [InlineData("""{"alg":"HS256","alg":"HS256"}""", 401)]
    [InlineData("""{"alg":"HS256","kid":"\ud800"}""", 401)]
    [InlineData("""["HS256"]""", 401)]
    public async Task A_header_that_asks_for_what_is_not_known_lets_nobody_in(string header, int expected)
    {
        await using var frontend = await StartAsync();

        var (status, answer) = await frontend.AsAsync(Token(header, Claims("\"sub\":\"jo\"", "\"risk_desks\":[\"Rates\"]")), "/api/v1/desks");

        Assert.True(expected == status, answer.ToJsonString());
    }

    [Theory]
    [InlineData("\"sub\":\"\\ud800\"", "\"risk_desks\":[\"Rates\"]")]
    [InlineData("\"sub\":\"jo\"", "\"risk_desks\":[\"\\udfff\"]")]
    [InlineData("\"sub\":\"jo\",\"sub\":\"root\"", "\"risk_desks\":[\"Rates\"]")]
    [InlineData("\"sub\":\"jo\",\"\\ud800\":1", "\"risk_desks\":[\"Rates\"]")]
    [InlineData("\"sub\":\"jo\",\"nbf\":1e400", "\"risk_desks\":[\"Rates\"]")]
    [InlineData("\"sub\":\"jo\",\"nbf\":\"\\ud800\"", "\"risk_desks\":[\"Rates\"]")]
    [InlineData("\"sub\":\"jo\",\"nbf\":-9999999999999999", "\"risk_desks\":[\"Rates\"]", true)]
    [InlineData("\"sub\":\"jo\"", "\"risk_desks\":[\"*\",\"Rates\"]")]
    public async Task Claims_that_cannot_be_read_are_refused_and_never_fail(string sub, string desks, bool mayComeIn = false)
    {
        await using var frontend = await StartAsync();

        var (status, answer) = await frontend.AsAsync(Token("""{"alg":"HS256"}""", Claims(sub, desks)), "/api/v1/desks");

        Assert.True(status == 401 || (mayComeIn && status == 200), answer.ToJsonString());
    }

    [Theory]
    [InlineData("\"*\"")]
    [InlineData("[\"*\"]")]
    public async Task A_star_means_all_desks_as_it_does_in_the_configuration(string desks)
    {
        var book = new Book();
        book.Put("Rates", "P1", 10);
        book.Put("FX", "P2", 20);
        await using var frontend = await StartAsync(book);

        var (status, answer) = await frontend.AsAsync(Token("""{"alg":"HS256"}""", Claims("\"sub\":\"jo\"", $"\"risk_desks\":{desks}")), "/api/v1/desks");

        Assert.Equal((200, 2), (status, (int)answer["total"]!));
    }

    private static Task<Frontend> StartAsync(Book? book = null) => Frontend.StartAsync(
        book ?? new Book(), ("Access:Jwt:Key", Convert.ToBase64String(s_key)), ("Access:Jwt:Issuer", "https://idp.example"), ("Access:Jwt:Audience", "risk"));

    private static string Claims(string sub, string desks) =>
        $$"""{"iss":"https://idp.example","aud":"risk","exp":{{DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds()}},"risk_role":"viewer","risk_clearance":"trader",{{sub}},{{desks}}}""";

    private static string Token(string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(s_key, Encoding.ASCII.GetBytes(signed)))}";
    }
}
