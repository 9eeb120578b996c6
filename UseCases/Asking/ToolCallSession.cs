using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.UseCases.Asking;

/// <summary>
/// The calls made for one question: by the caller's own rights, through the same runner as any other, only to read, and each only once.
/// </summary>
public sealed class ToolCallSession(CallContext context, IReadOnlyList<RiskTool> tools, CallRunner runner)
{
    private const int MostArgumentChars = 2_000;

    private static readonly JsonElement s_tooLong = JsonSerializer.SerializeToElement("too long to be repeated here");

    private readonly List<AskedCall> _calls = [];
    private readonly List<ToolResult> _results = [];
    private readonly Dictionary<(string Tool, string Arguments), ToolReply> _replies = [];
    private readonly SortedSet<string> _withheld = new(StringComparer.Ordinal);

    public CallContext Context { get; } = context;

    /// <summary>What the caller may call for an answer.</summary>
    public IReadOnlyList<RiskTool> Tools { get; } = tools;

    public IReadOnlyList<AskedCall> Calls => _calls;

    public IReadOnlyList<ToolResult> Results => _results;

    /// <summary>What the caller's scope hides of the answers.</summary>
    public IReadOnlyCollection<string> Withheld => _withheld;

    /// <summary>Which tools a question may use: those that anybody may who may read at all. What needs more, changes something.</summary>
    public static IReadOnlyList<RiskTool> ToolsFor(Caller caller, ToolCatalogue catalogue) =>
        [.. catalogue.For(caller).Where(tool => tool.Name != AskRisk.Tool && Right.For(tool.Name)?.Role == Role.Viewer)];

    public bool Has(string tool) => Tools.Any(known => known.Name == tool);

    /// <returns>What the call answered, or why it did not.</returns>
    public async Task<ToolReply> CallAsync(string name, IReadOnlyDictionary<string, JsonElement> arguments, CancellationToken cancellationToken)
    {
        var given = JsonSerializer.SerializeToElement(arguments.Where(argument => argument.Value.ValueKind != JsonValueKind.Null).ToDictionary(), RiskJson.Options);
        var key = (name, given.GetRawText());
        if (_replies.TryGetValue(key, out var known))
        {
            return known;
        }

        var reply = await AnswerAsync(name, arguments, given, cancellationToken);
        _calls.Add(new AskedCall(
            ToolArguments.Quoted(name),
            key.Item2.Length <= MostArgumentChars ? given : s_tooLong,
            reply.Error?.Code.Name() ?? "ok",
            reply.Error?.Message));
        return _replies[key] = reply;
    }

    private async Task<ToolReply> AnswerAsync(string name, IReadOnlyDictionary<string, JsonElement> arguments, JsonElement given, CancellationToken cancellationToken)
    {
        if (Tools.FirstOrDefault(known => known.Name == name) is not { } tool)
        {
            return new ToolReply(null, new RequestException(
                RequestError.NotFound, $"there is no tool {ToolArguments.Quoted(name)}; there are {string.Join(", ", Tools.Select(known => known.Name))}"));
        }

        // An id of its own, by which the question can still be found.
        var call = new Call(string.Create(CultureInfo.InvariantCulture, $"{Context.RequestId}.{_calls.Count + 1}"), tool.Name, Context.Caller, Channel.Question)
        {
            Asked = Asked.Of(arguments),
        };
        try
        {
            var answer = await runner.RunAsync(call, (inner, token) => tool.AskAsync(ToolArguments.Read(arguments, tool.Parameters), inner, token), cancellationToken);
            _withheld.UnionWith(answer.Withheld.Select(withheld => $"{tool.Name}: {withheld}"));
            var compact = CompactAnswer.Of(answer);
            var result = new ToolResult(_calls.Count, tool.Name, compact.Json, compact.LeftOut, DeskOf(given), answer.AsOf);
            _results.Add(result);
            return new ToolReply(result, null);
        }
        catch (RequestException error)
        {
            return new ToolReply(null, error);
        }
    }

    private static string? DeskOf(JsonElement arguments) =>
        arguments.TryGetProperty("desk", out var desk) && desk.ValueKind == JsonValueKind.String ? desk.GetString() : null;
}

/// <summary>What came of a call: one of both.</summary>
public sealed record ToolReply(ToolResult? Result, RequestException? Error);

/// <summary>What a call answered.</summary>
/// <param name="Call">Its place among the calls.</param>
/// <param name="Desk">The desk that was asked for, if it was one.</param>
public sealed record ToolResult(int Call, string Tool, JsonElement Answer, IReadOnlyList<string> LeftOut, string? Desk, DateTimeOffset AsOf);
