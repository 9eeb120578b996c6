using System.Globalization;
using Microsoft.Extensions.Options;

namespace RiskMonitor.Llm;

internal sealed class LlmOptionsValidator : IValidateOptions<LlmOptions>
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    public ValidateOptionsResult Validate(string? name, LlmOptions options)
    {
        if (!options.IsConfigured)
        {
            return ValidateOptionsResult.Success;
        }

        var problems = new List<string>();
        if (!Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            problems.Add($"{Key(nameof(options.Endpoint))} is '{options.Endpoint}'; give an absolute http or https address such as https://api.openai.com/v1, or leave it out to do without a model");
        }
        else if (endpoint.UserInfo.Length > 0)
        {
            // Not repeated: it holds a password.
            problems.Add($"{Key(nameof(options.Endpoint))} carries a user or password; give the key as {Key(nameof(options.ApiKey))} instead");
        }

        if (string.IsNullOrWhiteSpace(options.Model))
        {
            problems.Add($"{Key(nameof(options.Model))} is empty; name the model as {options.Endpoint} knows it");
        }

        CheckWait(nameof(options.Timeout), options.Timeout, LongestWait, "00:00:20");
        CheckWait(nameof(options.CallTimeout), options.CallTimeout, LongestWait, "00:00:10");
        // Beyond that an alert would be late for certain.
        CheckWait(nameof(options.AnalysisTimeout), options.AnalysisTimeout, TimeSpan.FromSeconds(8), "00:00:04");
        CheckWait(nameof(options.BreakerWindow), options.BreakerWindow, TimeSpan.FromHours(1), "00:00:30");
        CheckWait(nameof(options.BreakerPause), options.BreakerPause, TimeSpan.FromHours(1), "00:00:15");
        CheckCount(nameof(options.MostCalls), options.MostCalls, 1, 32, "8");
        CheckCount(nameof(options.MostConcurrent), options.MostConcurrent, 1, 256, "4");
        CheckCount(nameof(options.MostTokens), options.MostTokens, 64, 16_000, "1500");
        CheckCount(nameof(options.BreakerLeastCalls), options.BreakerLeastCalls, 2, 1_000, "4");
        if (options.BreakerFailureRatio is not (> 0 and <= 1))
        {
            problems.Add(Invariant($"{Key(nameof(options.BreakerFailureRatio))} is {options.BreakerFailureRatio}; set a share above 0 and to at most 1 (usual: 0.5)"));
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckWait(string key, TimeSpan value, TimeSpan most, string usual)
        {
            // The breaker measures no shorter windows than half a second.
            if (value < TimeSpan.FromMilliseconds(500) || value > most)
            {
                problems.Add($"{Key(key)} is {value}; set it from 00:00:00.500 to {most} (usual: {usual})");
            }
        }

        void CheckCount(string key, int value, int least, int most, string usual)
        {
            if (value < least || value > most)
            {
                problems.Add(Invariant($"{Key(key)} is {value}; set it from {least} to {most} (usual: {usual})"));
            }
        }
    }

    private static string Key(string name) => $"{LlmOptions.Section}:{name}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
