using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.UseCases.Asking;

/// <summary>
/// The tool calls made for one question. They have the caller's rights, go through the same runner as any other call, only read, and are made once per tool and arguments.
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

    /// <summary>The tools that the caller may use in a question.</summary>
    public IReadOnlyList<RiskTool> Tools { get; } = tools;

    public IReadOnlyList<AskedCall> Calls => _calls;

    public IReadOnlyList<ToolResult> Results => _results;

    /// <summary>The parts of the results that the caller's scope hides.</summary>
    public IReadOnlyCollection<string> Withheld => _withheld;

    /// <summary>The tools that a question may use: those that need the role viewer only, because tools that need more change something.</summary>
    public static IReadOnlyList<RiskTool> ToolsFor(Caller caller, ToolCatalogue catalogue) =>
        [.. catalogue.For(caller).Where(tool => tool.Name != AskRisk.Tool && Right.For(tool.Name)?.Role == Role.Viewer)];

    public bool Has(string tool) => Tools.Any(known => known.Name == tool);

    /// <returns>The result of the call, or its error.</returns>
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

        // The id begins with the id of the question, so that the audit log shows which question made the call.
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

/// <summary>The outcome of a call: exactly one of the two is not null.</summary>
public sealed record ToolReply(ToolResult? Result, RequestException? Error);

/// <summary>The result of a call.</summary>
/// <param name="Call">The index of the call among the calls of the question.</param>
/// <param name="Desk">The desk in the arguments; null if there is none.</param>
public sealed record ToolResult(int Call, string Tool, JsonElement Answer, IReadOnlyList<string> LeftOut, string? Desk, DateTimeOffset AsOf);
