using System.Text.Json;
using System.Text.Json.Nodes;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Tools;

/// <summary>A use case that a model may call: by name, with JSON arguments.</summary>
public abstract class RiskTool
{
    private readonly Lazy<JsonElement> _inputSchema;

    private protected RiskTool() => _inputSchema = new Lazy<JsonElement>(WriteInputSchema);

    /// <summary>The name of the use case.</summary>
    public abstract string Name { get; }

    /// <summary>For people.</summary>
    public abstract string Title { get; }

    /// <summary>For the model that decides whether to call it.</summary>
    public abstract string Description { get; }

    /// <summary>The call may wait for an external system, such as a language model, so it may take long.</summary>
    public virtual bool AsksOutside => false;

    public abstract IReadOnlyList<InputParameter> Parameters { get; }

    /// <summary>The JSON Schema of the arguments.</summary>
    public JsonElement InputSchema => _inputSchema.Value;

    /// <summary>The JSON Schema of every answer and every error.</summary>
    public abstract JsonElement OutputSchema { get; }

    /// <exception cref="RequestException">There is no answer.</exception>
    public abstract Task<Answer> AskAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken);

    /// <summary>The answer for reading: what the structured one says, and nothing else, in a few lines.</summary>
    public abstract string Read(Answer answer);

    private JsonElement WriteInputSchema()
    {
        var properties = new JsonObject();
        foreach (var parameter in Parameters)
        {
            properties[parameter.Name] = parameter.Schema();
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        var required = Parameters.Where(parameter => parameter.IsRequired).Select(parameter => (JsonNode)parameter.Name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        schema["additionalProperties"] = false;
        return JsonSerializer.SerializeToElement(schema);
    }
}

/// <summary>A tool over the use case whose input it takes.</summary>
/// <param name="input">As the use case declares it.</param>
/// <param name="page">The pages that a model reads; null where the answer has none.</param>
public abstract class RiskTool<TInput, TAnswer>(IUseCase<TInput, TAnswer> useCase, UseCaseInput<TInput> input, PageParameters? page = null) : RiskTool
    where TAnswer : Answer
{
    public sealed override string Name => input.UseCase;

    public sealed override IReadOnlyList<InputParameter> Parameters { get; } = page is { } shown
        ? [.. input.Parameters.Select(parameter => parameter == CommonParameters.PageSize ? shown.Size : parameter)]
        : input.Parameters;

    public sealed override async Task<Answer> AskAsync(ToolArguments arguments, CallContext context, CancellationToken cancellationToken)
    {
        var values = page is null ? arguments : page.Of(arguments);
        return Readable(await useCase.AskAsync(Readable(input.Read(values)), context, cancellationToken));
    }

    public sealed override string Read(Answer answer)
    {
        var text = new AnswerText(answer);
        Write((TAnswer)answer, text);
        return text.ToString();
    }

    /// <summary>The input with what a model's reading bounds.</summary>
    protected virtual TInput Readable(TInput input) => input;

    /// <summary>The answer with what a model's reading bounds.</summary>
    protected virtual TAnswer Readable(TAnswer answer) => answer;

    protected abstract void Write(TAnswer answer, AnswerText text);
}
