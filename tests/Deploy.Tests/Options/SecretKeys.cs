using System.Text.RegularExpressions;

namespace RiskMonitor.Deploy.Tests.Options;

/// <summary>Which options are secret.</summary>
internal static partial class SecretKeys
{
    private const string Prefix = "RiskMonitor__";

    private static readonly string[] s_all =
    [
        "MySql:ConnectionString", "Demo:TradingConnectionString", "Webhook:Secret", "Webhook:PreviousSecret", "Notices:Secret", "Notices:PreviousSecret", "Kafka:SaslUsername", "Kafka:SaslPassword", "Llm:ApiKey", "MarketData:Token",
        "Access:Jwt:Key", "Access:OpenId:ClientSecret", "Links:Secret", "EndpointSettings:Key", "EndpointSettings:PreviousKey", "Evidence:Key", "Evidence:PreviousKeys", "Reconcile:TradingConnectionString",
    ];

    public static bool IsSecret(string key) => s_all.Contains(key, StringComparer.OrdinalIgnoreCase) || key.StartsWith("Access:Users", StringComparison.OrdinalIgnoreCase) || Endpoint().IsMatch(key);

    /// <summary>An option that a name suggests to be secret, and is not.</summary>
    public static bool SoundsSecret(string key) => Sound().IsMatch(key) && key is not "Secrets" and not "Console:Keys" and not "Llm:MostTokens" and not "Orleans:Tls:KeyPath" and not "Kafka:SslKeyLocation" and not "Access:Jwt:KeysRefresh";

    /// <summary>The key that a variable or a file of a Secret sets.</summary>
    public static string KeyOf(string name) => (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name).Replace("__", ":", StringComparison.Ordinal);

    /// <summary>The address of a chat's webhook is its secret.</summary>
    [GeneratedRegex("^Alerting:Endpoints:.*:(Url|Secret|PreviousSecret|RoutingKey|SmtpUser|SmtpPassword|User|Password|ClientKey|Headers)(:|$)|^PagerDuty:Receivers:.*:Secrets(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Endpoint();

    [GeneratedRegex("Secret|Password|Token|Key|ConnectionString|Credential")]
    private static partial Regex Sound();
}
