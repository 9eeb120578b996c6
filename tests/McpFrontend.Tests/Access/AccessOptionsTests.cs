using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Access;

public sealed class AccessOptionsTests
{
    private static readonly Dictionary<string, string?> Right = new()
    {
        ["Access:Users:0:Name"] = "ann",
        ["Access:Users:0:Role"] = "viewer",
        ["Access:Users:0:Desks:0"] = "Rates, EUR",
        ["Access:Users:0:Clearance"] = "desk",
        ["Access:Users:0:KeyHash"] = KeyHash.Of(ApiKey.New()).ToString(),
        ["Access:Jwt:JwksUri"] = "https://login.example/keys",
        ["Access:Jwt:Issuer"] = "https://login.example",
        ["Access:Jwt:Audience"] = "risk",
        ["Access:OpenId:Authority"] = "https://login.example",
        ["Access:OpenId:ClientId"] = "risk-console",
    };

    [Fact]
    public void What_is_right_starts() => Validate(Right);

    [Theory]
    [InlineData("Access:Users:0:Name", " ", "no name of a user")]
    [InlineData("Access:Users:0:Name", "Local-Admin", "the monitor gives itself")]
    [InlineData("Access:Users:0:Role", "root", "viewer, risk_manager, operator, admin")]
    [InlineData("Access:Users:0:Clearance", "", "desk, trader")]
    [InlineData("Access:Users:0:Desks:0", null, "has no desk")]
    [InlineData("Access:Users:0:Desks:1", "*", "alone for all desks")]
    [InlineData("Access:Users:0:KeyHash", "", "./run users key")]
    [InlineData("Access:Users:0:KeyHash", "rmk_0011223344556677_secret", "not a key hash")]
    [InlineData("Access:AllowedHosts", "https://risk.example", "without scheme")]
    [InlineData("Access:AllowedOrigins", "console.example", "scheme, host and port")]
    [InlineData("Access:AllowedOrigins", "https://console.example/app", "scheme, host and port")]
    [InlineData("Access:PublicUrl", "risk.example", "scheme, host and port")]
    [InlineData("Access:Jwt:Issuer", "", "Access:Jwt:Issuer is missing")]
    [InlineData("Access:Jwt:Audience", "", "Access:Jwt:Audience is missing")]
    [InlineData("Access:Jwt:Key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "more than one")]
    [InlineData("Access:Jwt:JwksUri", "http://login.example/keys", "https")]
    [InlineData("Access:Jwt:ClockSkew", "01:00:00", "at most 00:05:00")]
    [InlineData("Access:Jwt:Timeout", "00:00:00", "above zero")]
    [InlineData("Access:Jwt:RoleClaim", "", "name the claim")]
    [InlineData("Access:OpenId:Authority", "http://login.example", "https address")]
    [InlineData("Access:OpenId:ClientId", "", "Access:OpenId:ClientId is missing")]
    [InlineData("Access:OpenId:Scopes", "profile", "must have openid")]
    [InlineData("Access:OpenId:Name", "", "the button of the sign-in page")]
    [InlineData("Access:OpenId:ClockSkew", "01:00:00", "at most 00:05:00")]
    [InlineData("Access:OpenId:Timeout", "00:00:00", "above zero")]
    [InlineData("RateLimit:PerUser:Calls", "0", "from 1 to")]
    [InlineData("RateLimit:Tools:ask_risk:Burst", "0", "from 1 to")]
    [InlineData("RateLimit:Tools:ask_risks:Calls", "5", "did you mean ask_risk?")]
    [InlineData("RateLimit:Unauthenticated:Per", "00:00:00", "above zero")]
    [InlineData("RateLimit:MostInFlight", "0", "from 1 to")]
    [InlineData("RateLimit:MostWait", "00:01:00", "from 0 to 10 seconds")]
    [InlineData("Audit:Retention", "00:00:00", "above zero")]
    [InlineData("Audit:WriteInterval", "00:00:00", "from 10 ms")]
    [InlineData("Audit:MostWaiting", "0", "from 1 to")]
    public void A_setting_that_cannot_be_right_stops_the_start_with_its_remedy(string key, string? value, string remedy)
    {
        var settings = new Dictionary<string, string?>(Right) { [key] = value };
        if (value is null)
        {
            settings.Remove(key);
        }

        var failure = Assert.Throws<OptionsValidationException>(() => Validate(settings));

        var problem = Assert.Single(failure.Failures);
        Assert.Contains(remedy, problem);
        Assert.Contains(key.Split(':')[0], problem);
        Assert.DoesNotContain("secret", problem);
    }

    [Fact]
    public void A_shared_key_needs_256_bits_and_two_users_two_names_and_two_keys()
    {
        var wrong = new Dictionary<string, string?>(Right) { ["Access:Jwt:JwksUri"] = "", ["Access:Jwt:Key"] = Convert.ToBase64String(new byte[31]) };
        foreach (var (key, value) in Right.Where(pair => pair.Key.Contains(":0", StringComparison.Ordinal)))
        {
            wrong[key.Replace("Users:0", "Users:1", StringComparison.Ordinal)] = value;
        }

        var failure = Assert.Throws<OptionsValidationException>(() => Validate(wrong));

        Assert.Equal(3, failure.Failures.Count());
        Assert.Contains(failure.Failures, problem => problem.Contains("openssl rand", StringComparison.Ordinal));
    }

    private static void Validate(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddRiskFrontend(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
