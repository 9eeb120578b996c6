using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Llm;

/// <summary>The language model, if there is one (<c>Llm:…</c>). Without <see cref="Endpoint"/> everything it would say is said by rules.</summary>
public sealed class LlmOptions : IValidatableObject
{
    public const string Section = "Llm";

    /// <summary>Base address of a server that speaks OpenAI's chat completions, such as <c>https://api.openai.com/v1</c>; empty: none.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The model's name, as the server knows it.</summary>
    public string? Model { get; set; }

    /// <summary>Sent as bearer token; may be empty where the server asks for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>For a whole answer to a question, with all calls in it; after that the rules answer.</summary>
    [Bounds(Min = "00:00:00.500", Max = "00:02:00", Usual = "00:00:04")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>For one request to the model.</summary>
    [Bounds(Min = "00:00:00.500", Max = "00:02:00", Usual = "00:00:04")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>For the analysis of an alert, retries included; an alert is to be delivered within 10 s of its cause.</summary>
    [Bounds(Min = "00:00:00.500", Max = "00:00:08", Usual = "00:00:04")]
    public TimeSpan AnalysisTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Tool calls that the model may make for one question.</summary>
    [Bounds(Min = "1", Max = "32", Usual = "8")]
    public int MostCalls { get; set; } = 8;

    /// <summary>Requests to the model at the same time; a few more wait, the others are answered by rules at once.</summary>
    [Bounds(Min = "1", Max = "256", Usual = "4")]
    public int MostConcurrent { get; set; } = 4;

    /// <summary>Tokens of one answer of the model.</summary>
    [Bounds(Min = "64", Max = "16000", Usual = "1500")]
    public int MostTokens { get; set; } = 1_500;

    /// <summary>What a million tokens that are sent cost, in whatever currency the bill has; for the metric of costs. Zero: not counted.</summary>
    [Bounds(Min = "0", Max = "1000000")]
    public double InputPrice { get; set; }

    /// <summary>The same for tokens of the model's answers.</summary>
    [Bounds(Min = "0", Max = "1000000")]
    public double OutputPrice { get; set; }

    /// <summary>Share of failed requests within <see cref="BreakerWindow"/> from which the model is left alone.</summary>
    [Bounds(Above = "0", Max = "1", Usual = "0.5")]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Requests within the window below which nothing is concluded from their failures.</summary>
    [Bounds(Min = "2", Max = "1000", Usual = "4")]
    public int BreakerLeastCalls { get; set; } = 4;

    [Bounds(Min = "00:00:00.500", Max = "01:00:00", Usual = "00:00:30")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the model is left alone before it is tried again.</summary>
    [Bounds(Min = "00:00:00.500", Max = "01:00:00", Usual = "00:00:15")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(15);

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Endpoint);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        var isAddress = Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https";
        problems.Require(
            isAddress, nameof(Endpoint), $"'{Endpoint}'", "give an absolute http or https address such as https://api.openai.com/v1, or leave it out to do without a model");
        if (isAddress && endpoint!.UserInfo.Length > 0)
        {
            // The value is not repeated because it holds a password.
            problems.Add(nameof(Endpoint), $"carries a user or password; give the key as {Section}:{nameof(ApiKey)} instead");
        }

        if (string.IsNullOrWhiteSpace(Model))
        {
            problems.Add(nameof(Model), $"is empty; name the model as {Endpoint} knows it");
        }

        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class LlmOptionsValidator : IValidateOptions<LlmOptions>;
