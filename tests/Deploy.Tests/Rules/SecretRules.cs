using System.Text.RegularExpressions;
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

        foreach (var map in set.Of<V1ConfigMap>().Where(map => map.Data is not null))
        {
            foreach (var (key, value) in map.Data)
            {
                if (ProblemOf(key, value) is { } problem)
                {
                    yield return $"ConfigMap {map.Metadata.Name}, {key}: {problem}";
                }
            }
        }

        foreach (var (document, value) in set.All.SelectMany(document => (document.Metadata.Annotations ?? new Dictionary<string, string>()).Values.Select(value => (document, value))).Where(note => LooksSecret().IsMatch(note.value)))
        {
            yield return $"{document.Kind} {document.Metadata.Name}: an annotation looks like a secret";
        }

        foreach (var pod in set.Pods)
        {
            foreach (var container in pod.Containers)
            {
                foreach (var variable in (container.Env ?? []).Where(variable => variable.Value is not null))
                {
                    if (ProblemOf(variable.Name, variable.Value) is { } problem)
                    {
                        yield return $"{pod.Owner}, {variable.Name}: {problem}";
                    }
                }

                foreach (var argument in (container.Args ?? []).Concat(container.Command ?? []).Where(argument => LooksSecret().IsMatch(argument)))
                {
                    yield return $"{pod.Owner}: an argument looks like a secret";
                }
            }
        }
    }

    private static string? ProblemOf(string name, string value) =>
        value.Length > 0 && SecretKeys.IsSecret(SecretKeys.KeyOf(name)) ? "this option is secret; give it by a Secret"
        : LooksSecret().IsMatch(value) ? "the value looks like a secret; give it by a Secret"
        : null;

    [GeneratedRegex(@"whsec_[A-Za-z0-9+/]{16}|\b(?:password|pwd)\s*=\s*[^\s;$'{(""]+|PRIVATE KEY-----|://[^/\s:@]+:[^/\s@]+@|rmk_[A-Za-z0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}
