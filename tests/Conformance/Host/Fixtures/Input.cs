using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>What a request asks of the client before it can be answered, and what the client's answers say (SEP-2322).</summary>
internal static class Input
{
    internal static readonly ElicitRequestParams.PrimitiveSchemaDefinition Words = new ElicitRequestParams.StringSchema();
    internal static readonly ElicitRequestParams.PrimitiveSchemaDefinition Flag = new ElicitRequestParams.BooleanSchema();

    /// <summary>Asks the user for one field.</summary>
    internal static InputRequest Ask(string message, string field, ElicitRequestParams.PrimitiveSchemaDefinition kind) => InputRequest.ForElicitation(new()
    {
        Message = message,
        RequestedSchema = new() { Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { [field] = kind }, Required = [field] },
    });

    /// <summary>Asks the client's model.</summary>
    internal static InputRequest Sample(string prompt, int maxTokens) => InputRequest.ForSampling(new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
        MaxTokens = maxTokens,
    });

    internal static InputRequest Roots() => InputRequest.ForRootsList(new());

    internal static InputRequiredException Required(params (string Key, InputRequest Request)[] requests) => Required(null, requests);

    /// <param name="state">Comes back with the answers, as it is.</param>
    internal static InputRequiredException Required(string? state, params (string Key, InputRequest Request)[] requests) =>
        new(requests.ToDictionary(request => request.Key, request => request.Request), state);

    internal static ElicitResult? Elicited(RequestParams? parameters, string key) => Answer(parameters, key, InputResponse.ElicitResultJsonTypeInfo);

    internal static CreateMessageResult? Sampled(RequestParams? parameters, string key) => Answer(parameters, key, InputResponse.CreateMessageResultJsonTypeInfo);

    internal static ListRootsResult? Listed(RequestParams? parameters, string key) => Answer(parameters, key, InputResponse.ListRootsResultJsonTypeInfo);

    /// <summary>A field of what the user entered.</summary>
    internal static string? Field(this ElicitResult answer, string name) =>
        answer.Content is { } content && content.TryGetValue(name, out var value) ? value.ToString() : null;

    internal static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static T? Answer<T>(RequestParams? parameters, string key, JsonTypeInfo<T> type)
        where T : class
    {
        if (parameters?.InputResponses is not { } answers || !answers.TryGetValue(key, out var answer))
        {
            return null;
        }

        try
        {
            return answer.Deserialize(type);
        }
        catch (JsonException)
        {
            throw new McpProtocolException($"inputResponses.{key} is not an answer to what was asked; give {typeof(T).Name}", McpErrorCode.InvalidParams);
        }
    }
}
