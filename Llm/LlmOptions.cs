namespace RiskMonitor.Llm;

/// <summary>The language model, if there is one (<c>Llm:…</c>). Without <see cref="Endpoint"/> everything it would say is said by rules.</summary>
public sealed class LlmOptions
{
    public const string Section = "Llm";

    /// <summary>Base address of a server that speaks OpenAI's chat completions, such as <c>https://api.openai.com/v1</c>; empty: none.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The model's name, as the server knows it.</summary>
    public string? Model { get; set; }

    /// <summary>Sent as bearer token; may be empty where the server asks for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>For a whole answer to a question, with all calls in it; after that the rules answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>For one request to the model.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For the analysis of an alert, retries included; an alert is to be delivered within 10 s of its cause.</summary>
    public TimeSpan AnalysisTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Tool calls that the model may make for one question.</summary>
    public int MostCalls { get; set; } = 8;

    /// <summary>Requests to the model at the same time; a few more wait, the others are answered by rules at once.</summary>
    public int MostConcurrent { get; set; } = 4;

    /// <summary>Tokens of one answer of the model.</summary>
    public int MostTokens { get; set; } = 1_500;

    /// <summary>Share of failed requests within <see cref="BreakerWindow"/> from which the model is left alone.</summary>
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>Requests within the window below which nothing is concluded from their failures.</summary>
    public int BreakerLeastCalls { get; set; } = 4;

    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the model is left alone before it is tried again.</summary>
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(15);

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Endpoint);
}
