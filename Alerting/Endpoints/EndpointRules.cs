using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RiskMonitor.Alerting.Sealing;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Settings of endpoints as JSON: the options of <c>Alerting:Endpoints</c> in snake_case, with the same checks.</summary>
internal sealed class EndpointRules : IEndpointRules
{
    private const string At = "endpoint";

    private static readonly string[] s_secrets = ["secret", "previous_secret", "routing_key", "smtp_password", "password", "client_key", SettingsSeal.Property];

    /// <summary>Kinds whose address lets whoever knows it post.</summary>
    private static readonly string[] s_secretAddresses = [EndpointOptions.Slack, EndpointOptions.Teams];

    public IReadOnlyList<string> Fields { get; } =
        [.. EndpointJson.Default.EndpointOptions.Properties.Select(property => property.Name).Where(name => name != "name")];

    /// <exception cref="InvalidDataException">The stored settings are none of ours.</exception>
    public static EndpointOptions Parse(string name, string settings)
    {
        var options = JsonSerializer.Deserialize(settings, EndpointJson.Default.EndpointOptions) ?? throw new InvalidDataException($"the settings of endpoint '{name}' are empty");
        options.Name = name;
        return options;
    }

    public (string? Settings, IReadOnlyList<(string Field, string Problem)> Problems) Read(string name, JsonElement sent, string? stored)
    {
        var merged = stored is null ? [] : (JsonObject)JsonNode.Parse(stored)!;
        foreach (var property in sent.EnumerateObject().Where(property => Fields.Contains(property.Name)))
        {
            merged.Remove(property.Name);
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                merged[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            }
        }

        if (merged.ContainsKey(SettingsSeal.Property))
        {
            return (null, [(At, "is stored with settings that cannot be opened here: EndpointSettings:Key is missing, or another one sealed them; or remove the endpoint and set it anew")]);
        }

        EndpointOptions options;
        try
        {
            options = Parse(name, merged.ToJsonString());
        }
        catch (JsonException wrong)
        {
            var field = Fields.FirstOrDefault(field => wrong.Path?.StartsWith($"$.{field}", StringComparison.Ordinal) == true);
            return (null, [(field ?? At, $"is not of the type that {field ?? "its fields"} has; texts are strings, times are hh:mm:ss, lists are arrays of strings")]);
        }

        if (options.Headers is null || options.Desks is null || options.Severities is null || options.Types is null || options.To is null)
        {
            return (null, [(At, "has a null in place of a list; leave it out")]);
        }

        if (stored is not null && SecretsOfAnotherAddress(name, stored, options, sent) is { Count: > 0 } secrets)
        {
            return (null, [.. secrets.Select(field => (field, "is stored for the address that the endpoint had; send it with the new one, or empty it with a null"))]);
        }

        var problems = new OptionProblems(At);
        EndpointOptionsCheck.CheckStored(options, "0", problems);
        problems.Require(options.Name != EndpointRoute.DefaultEndpoint, "0:Name", $"'{name}'", "give another name; this one is the endpoint of section Webhook");
        return problems.All.Count > 0
            ? (null, [.. problems.All.Select(Split)])
            : (JsonSerializer.Serialize(options, EndpointJson.Default.EndpointOptions), []);
    }

    /// <summary>
    /// Secrets that are stored and not sent, where the endpoint's address changes: who may change an endpoint does not see its secrets, and must not have them
    /// sent to an address of his own.
    /// </summary>
    private static List<string> SecretsOfAnotherAddress(string name, string stored, EndpointOptions changed, JsonElement sent)
    {
        try
        {
            if (AddressOf(Parse(name, stored)) == AddressOf(changed))
            {
                return [];
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            // Nobody knows which address the secrets were for.
        }

        var before = (JsonObject)JsonNode.Parse(stored)!;
        return [.. s_secrets.Append("headers").Where(field => before[field] is { } value && value is not JsonObject { Count: 0 } && !sent.TryGetProperty(field, out _))];
    }

    /// <summary>Who gets what is sent: everything that says to whom, and how well protected.</summary>
    private static (string Kind, string? Server, string? MailServer, int MailPort, string MailSecurity) AddressOf(EndpointOptions options) => (
        options.Kind,
        Uri.TryCreate(options.Url, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}" : options.Url,
        options.SmtpHost,
        options.SmtpPort,
        options.SmtpSecurity);

    public (string Settings, string Secret)? Rotated(string settings)
    {
        var options = Parse("", settings);
        if (options.Kind != EndpointOptions.Webhook)
        {
            return null;
        }

        (options.PreviousSecret, options.Secret) = (options.Secret, StandardWebhook.NewSecret());
        var rotated = (JsonObject)JsonNode.Parse(settings)!;
        (rotated["secret"], rotated["previous_secret"]) = (options.Secret, options.PreviousSecret);
        return (rotated.ToJsonString(), options.Secret);
    }

    public JsonElement Shown(string settings)
    {
        var shown = (JsonObject)JsonNode.Parse(settings)!;
        shown.Remove("name");
        foreach (var secret in s_secrets.Where(secret => shown[secret] is not null))
        {
            shown[secret] = WebhookEndpoint.Hidden;
        }

        if ((string?)shown["url"] is { Length: > 0 } url)
        {
            shown["url"] = s_secretAddresses.Contains((string?)shown["kind"]) && Uri.TryCreate(url, UriKind.Absolute, out var address)
                ? $"{address.Scheme}://{address.Authority}/{WebhookEndpoint.Hidden}"
                : WebhookEndpoint.Masked(url);
        }

        if (((string?)shown["client_certificate"])?.Contains("PRIVATE KEY", StringComparison.Ordinal) == true)
        {
            // The key may stand beside the certificate.
            shown["client_certificate"] = WebhookEndpoint.Hidden;
        }

        foreach (var (header, _) in (shown["headers"] as JsonObject ?? []).ToList())
        {
            shown["headers"]![header] = WebhookEndpoint.Hidden;
        }

        return JsonSerializer.SerializeToElement(shown, EndpointJson.Default.JsonObject);
    }

    /// <summary>Makes a field and a problem of a text like <c>endpoint:0:Desks:1 is blank; …</c>.</summary>
    private static (string Field, string Problem) Split(string problem)
    {
        var end = problem.IndexOf(' ', StringComparison.Ordinal);
        var key = problem[$"{At}:0:".Length..end];
        return (string.Join('.', key.Split(':').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)), problem[(end + 1)..]);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EndpointOptions))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class EndpointJson : JsonSerializerContext;
