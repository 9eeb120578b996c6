using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;

namespace RiskMonitor.Deploy.Tests.Rules;

/// <summary>Manifests name secrets, and hold none.</summary>
internal static partial class SecretRules
{
    /// <summary>Every Secret that an operator makes, and its keys: docs/kubernetes.md lists them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Known = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["riskmonitor-mysql"] = ["MySql__ConnectionString", "mysql-ca.pem"],
        ["riskmonitor-webhook"] = ["Webhook__Secret", "Webhook__PreviousSecret"],
        ["riskmonitor-endpoints"] = ["Alerting__Endpoints__0__Url", "Alerting__Endpoints__0__Secret", "Alerting__Endpoints__0__RoutingKey", "Alerting__Endpoints__0__SmtpPassword"],
        ["riskmonitor-links"] = ["Links__Secret"],
        ["riskmonitor-endpoint-settings"] = ["EndpointSettings__Key", "EndpointSettings__PreviousKey"],
        ["riskmonitor-evidence"] = ["Evidence__Key", "Evidence__PreviousKeys__0"],
        ["riskmonitor-notices"] = ["Notices__Secret", "Notices__PreviousSecret"],
        ["riskmonitor-pagerduty"] = ["PagerDuty__Receivers__0__Secrets__0"],
        ["riskmonitor-users"] = ["Access__Users__0__Name", "Access__Users__0__Role", "Access__Users__0__Desks__0", "Access__Users__0__Clearance", "Access__Users__0__KeyHash", "Access__Jwt__Key", "Access__OpenId__ClientSecret"],
        ["riskmonitor-kafka"] = ["Kafka__SaslUsername", "Kafka__SaslPassword", "kafka-ca.pem"],
        ["riskmonitor-llm"] = ["Llm__ApiKey"],
        ["riskmonitor-market"] = ["MarketData__Token"],
        ["riskmonitor-tls"] = ["tls.crt", "tls.key", "ca.crt"],
        ["riskmonitor-frontend-tls"] = ["tls.crt", "tls.key"],
        ["riskmonitor-backup"] = ["my.cnf", "mysql-ca.pem"],
        ["riskmonitor-trading"] = ["Demo__TradingConnectionString"],
        ["riskmonitor-demo"] = ["risk-manager.key"],
        ["mysql-passwords"] = ["root", "riskmonitor", "trader", "debezium"],
        ["debezium-properties"] = ["debezium.properties"],
    };

    public static IEnumerable<string> ProblemsOf(ManifestSet set)
    {
        foreach (var secret in set.Of<V1Secret>())
        {
            yield return $"Secret {secret.Metadata.Name}: a manifest holds a secret; leave it to whoever makes secrets, and name it";
        }

        foreach (var map in set.Of<V1ConfigMap>().Where(map => map.BinaryData is { Count: > 0 }))
        {
            yield return $"ConfigMap {map.Metadata.Name}: has binary data, which nobody can read";
        }

        foreach (var document in set.All.Where(document => document is not V1Secret))
        {
            foreach (var problem in Texts(JsonNode.Parse(KubernetesJson.Serialize(document))!, "", "").Select(text => (text.Path, Problem: ProblemOf(text.Name, text.Value))).Where(text => text.Problem is not null))
            {
                yield return $"{document.Kind} {document.Metadata.Name}, {problem.Path}: {problem.Problem}";
            }
        }
    }

    /// <summary>Every text of a document, wherever it is: labels and annotations of pods, variables and arguments of every container, headers of probes, files of ConfigMaps, triggers.</summary>
    private static IEnumerable<(string Path, string Name, string Value)> Texts(JsonNode node, string path, string name) => node switch
    {
        JsonObject map => map.Where(property => property.Value is not null)
            .SelectMany(property => Texts(property.Value!, $"{path}{(path.Length > 0 ? "." : "")}{property.Key}", property.Key == "value" && map["name"] is JsonValue named ? named.ToString() : IsOfNames(path) ? property.Key : "")),
        JsonArray list => list.Where(item => item is not null).SelectMany((item, index) => Texts(item!, $"{path}[{index}]", "")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [(path, name, value.GetValue<string>())],
        _ => [],
    };

    /// <summary>Maps whose keys somebody has chosen; those of other objects are the API's own.</summary>
    private static bool IsOfNames(string path) => path.EndsWith("labels", StringComparison.Ordinal) || path.EndsWith("annotations", StringComparison.Ordinal) || path == "data" || (path.Contains("triggers[", StringComparison.Ordinal) && path.EndsWith("metadata", StringComparison.Ordinal));

    private static string? ProblemOf(string name, string value) =>
        value.Length > 0 && SecretKeys.IsSecret(SecretKeys.KeyOf(name)) ? "this option is secret; give it by a Secret"
        : LooksSecret().IsMatch(value) || Random().IsMatch(value) ? "the value looks like a secret; give it by a Secret"
        : SoundsSecret().IsMatch(name) && !name.StartsWith("RiskMonitor__", StringComparison.Ordinal) && value.Length > 0 && value[0] is not ('/' or '$') ? "the name is that of a secret, and the value no path; give it by a Secret"
        : null;

    /// <summary>Passwords that are assigned or given to a client of MySQL, keys, credentials in addresses, and tokens by the forms that their makers gave them.</summary>
    [GeneratedRegex("""
        whsec_[A-Za-z0-9+/]{16}|\brmk_[A-Za-z0-9]|PRIVATE\ KEY-----
        |\b(?:password|passwd|pwd)\s*=\s*["']?[^\s;$'{("%]+
        |"[\w.-]*(?:password|passwd|secret|token|api[_-]?key)"\s*:\s*"[^$"][^"]*"
        |://[^/\s:@]+:[^/\s@]+@|[?&](?:token|key|secret|sig|password|access_token|api_?key)=[^&\s"$]+|hooks\.slack\.com/services/
        |\bmysql\w*\b[^\n]*\s-p[^\s"'$]+
        |\bBearer\s+[A-Za-z0-9._~+/-]{6,}|\bauthorization=|\beyJ[\w-]{8,}\.[\w-]{8,}\.|\b(?:gh[opsu]|glpat|xox[abps])[-_][A-Za-z0-9-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bhvs\.\w{8,}|\bsk-[\w-]{16,}
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex LooksSecret();

    /// <summary>Long random texts, in hexadecimal or base 64. Digests are none.</summary>
    [GeneratedRegex(@"(?<!sha256:|[0-9a-f])[0-9a-f]{32,}(?![0-9a-f])|(?<![\w+/-]|\w\.)(?=[A-Za-z0-9+]*[0-9])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[A-Z])[A-Za-z0-9+]{32,}={0,2}(?![\w+/-]|\.\w)")]
    private static partial Regex Random();

    [GeneratedRegex("password|passwd|pwd|secret|token|credential|api[-_.]?key|private[-_.]?key", RegexOptions.IgnoreCase)]
    private static partial Regex SoundsSecret();
}
