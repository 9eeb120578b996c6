using Microsoft.Extensions.Options;

namespace RiskMonitor.Alerting.Webhooks;

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var problems = new List<string>();
        if (!string.IsNullOrEmpty(options.Url))
        {
            if (WebhookEndpoint.Read(options.Url, out var problem) is null)
            {
                problems.Add($"{Key(nameof(options.Url))} {problem}");
            }

            if (string.IsNullOrEmpty(options.Secret))
            {
                problems.Add($"{Key(nameof(options.Secret))} is not set; an endpoint needs one: {StandardWebhook.SecretPrefix} followed by the base64 of 24 to 64 random bytes");
            }
        }

        // A secret's value is never repeated in a message: messages end in logs.
        CheckSecret(nameof(options.Secret), options.Secret);
        CheckSecret(nameof(options.PreviousSecret), options.PreviousSecret);

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromMinutes(5))
        {
            problems.Add($"{Key(nameof(options.Timeout))} is {options.Timeout}; set it above zero and to at most 00:05:00 (usual: 00:00:10)");
        }

        if (options.MaxConcurrency < 1)
        {
            problems.Add($"{Key(nameof(options.MaxConcurrency))} is {options.MaxConcurrency}; set it to 1 or more (usual: 32)");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckSecret(string key, string? secret)
        {
            if (!string.IsNullOrEmpty(secret) && StandardWebhook.KeyOf(secret) is null)
            {
                problems.Add($"{Key(key)} is not a webhook secret (its value is not shown); it must be {StandardWebhook.SecretPrefix} followed by the base64 of 24 to 64 random bytes");
            }
        }
    }

    private static string Key(string name) => $"{WebhookOptions.Section}:{name}";
}
