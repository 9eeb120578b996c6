using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>What is wrong with the options of one endpoint. Secrets are never repeated, because errors end in logs.</summary>
internal static class EndpointOptionsCheck
{
    private const int MostNameChars = 60;
    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestAfter = TimeSpan.FromHours(23);

    /// <summary>Headers that belong to the connection or to the signature.</summary>
    private static readonly string[] s_ownHeaders =
        [StandardWebhook.IdHeader, StandardWebhook.TimestampHeader, StandardWebhook.SignatureHeader, "host", "content-length", "content-type", "transfer-encoding", "connection"];

    /// <param name="at">The key of the endpoint within the section, such as <c>Endpoints:0</c>.</param>
    public static void Check(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        problems.Require(
            endpoint.Name.Length is > 0 and <= MostNameChars && endpoint.Name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'),
            $"{at}:Name",
            $"'{endpoint.Name}'",
            $"set 1 to {MostNameChars} letters, digits, '.', '-' or '_'");
        problems.Require(EndpointKinds.IsKnown(endpoint.Kind), $"{at}:Kind", $"'{endpoint.Kind}'", $"set it to {string.Join(", ", EndpointKinds.All)}");
        problems.Require(
            endpoint.Timeout > TimeSpan.Zero && endpoint.Timeout <= s_longestTimeout, $"{at}:Timeout", endpoint.Timeout, $"set it above 00:00:00 and to at most {s_longestTimeout} (usual: 00:00:10)");
        problems.Require(endpoint.After >= TimeSpan.Zero && endpoint.After <= s_longestAfter, $"{at}:After", endpoint.After, $"set it from 00:00:00 to at most {s_longestAfter}");
        problems.Require(endpoint.MaxConcurrency >= 1, $"{at}:MaxConcurrency", endpoint.MaxConcurrency, "set it to 1 or more (usual: 8)");
        problems.Require(endpoint.MaxPerMinute is null or >= 1, $"{at}:MaxPerMinute", endpoint.MaxPerMinute, "set it to 1 or more, or leave it out");
        Names(endpoint.Severities, "Severities", name => SeverityOf(name) is not null, Enum.GetValues<Severity>().Select(severity => severity.Name()));
        Names(endpoint.Types, "Types", name => TypeOf(name) is not null, AlertNames.NotificationKinds.Select(ShortName));
        problems.Require(endpoint.Clearance is "trader" or "desk", $"{at}:Clearance", $"'{endpoint.Clearance}'", "set it to trader or desk");
        foreach (var (i, desk) in endpoint.Desks.Index())
        {
            problems.Require(!string.IsNullOrWhiteSpace(desk), $"{at}:Desks:{i}", "blank", "set the exact name of a desk");
        }

        foreach (var (name, value) in endpoint.Headers)
        {
            if (!IsHeader(name, value) || s_ownHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{at}:Headers:{name}", "is no header that can be added (its value is not shown); name one that is not the product's own, with a value of visible ASCII");
            }
        }

        EndpointKinds.Check(endpoint, at, problems);

        void Names(string[] values, string key, Func<string, bool> isKnown, IEnumerable<string> all)
        {
            foreach (var (i, value) in values.Index())
            {
                problems.Require(isKnown(value), $"{at}:{key}:{i}", $"'{value}'", $"set it to {string.Join(", ", all)}");
            }
        }
    }

    /// <summary>Checks an endpoint that was set at run time. It may name no files of this machine, and the other checks would read them.</summary>
    public static void CheckStored(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        CredentialsCheck.DemandPem(endpoint, at, problems);
        if (problems.All.Count == 0)
        {
            Check(endpoint, at, problems);
        }
    }

    /// <summary>The address that a kind of endpoint needs.</summary>
    public static void CheckUrl(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        if (string.IsNullOrEmpty(endpoint.Url))
        {
            problems.Add($"{at}:Url", $"is not set; an endpoint of kind {endpoint.Kind} needs an absolute http or https address");
        }
        else if (WebhookEndpoint.Read(endpoint.Url, out var problem) is null)
        {
            problems.Add($"{at}:Url", problem!);
        }
    }

    public static void CheckSecret(string? secret, bool isNeeded, string key, OptionProblems problems)
    {
        if (string.IsNullOrEmpty(secret) ? isNeeded : StandardWebhook.KeyOf(secret) is null)
        {
            problems.Add(key, $"is not a webhook secret (its value is not shown); it must be {StandardWebhook.SecretPrefix} followed by the base64 of 24 to 64 random bytes");
        }
    }

    public static Severity? SeverityOf(string name) =>
        Enum.GetValues<Severity>().Where(severity => severity.Name().Equals(name, StringComparison.OrdinalIgnoreCase)).Cast<Severity?>().FirstOrDefault();

    /// <summary>A type by its short name or as <c>risk.alert.…</c>.</summary>
    public static NotificationKind? TypeOf(string name) => AlertNames.NotificationKinds
        .Where(kind => ShortName(kind) == name || kind.TypeName() == name).Cast<NotificationKind?>().FirstOrDefault();

    private static string ShortName(NotificationKind kind) => kind.TypeName()["risk.alert.".Length..];

    private static bool IsHeader(string name, string? value) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
        && !string.IsNullOrEmpty(value) && value.All(letter => letter is >= ' ' and <= '~');
}
