using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Embedded;

/// <summary>
/// Asks the host what its users will, over its own address, as soon as it is ready: the runtime compiles code for speed only after it has run often,
/// and under load the first users would wait ten seconds for that. The later half, at least, is about desks, and waits for the first of them.
/// </summary>
internal sealed partial class WarmUp(ApiKey key, int calls, IDeskJournal journal, ILogger<WarmUp> logger)
{
    /// <summary>How many calls; 0: none.</summary>
    public const string Setting = "WarmUpCalls";

    public const int DefaultCalls = 6_000;

    private const int AtOnce = 16;

    /// <summary>It asks for whole answers, and may do nothing.</summary>
    private static readonly RiskUser s_user = new("warm-up", Role.Viewer, Desks: null, Clearance.Trader);

    private static readonly Uri s_mcp = new(FrontendServices.McpPath, UriKind.Relative);

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_lookForDesks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Who it is to the host that it asks.</summary>
    public ProcessUser User => new(s_user, KeyHash.Of(key), IsAudited: false);

    /// <summary>Until all is asked, something is refused, or the host stops.</summary>
    public async Task RunAsync(string url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(url), Timeout = s_patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        try
        {
            using var pace = new PeriodicTimer(s_pace);
            IReadOnlyList<string> desks = [];
            for (var asked = 0; asked < calls; asked += AtOnce)
            {
                await pace.WaitForNextTickAsync(cancellationToken);
                desks = desks.Count > 0 ? desks : await DesksAsync(isPatient: asked >= calls / 2, cancellationToken);
                var refusals = await Task.WhenAll(Enumerable.Range(asked, Math.Min(AtOnce, calls - asked)).Select(call => AskAsync(http, call, desks, cancellationToken)));
                if (refusals.FirstOrDefault(refusal => refusal is not null) is { } refusal)
                {
                    // Whatever is refused, a rate that was set low for one, the host has better things to do.
                    LogRefused(asked, calls, refusal);
                    return;
                }
            }

            LogDone(calls);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    /// <returns>What was said instead of an answer; null where there is one.</returns>
    private static async Task<string?> AskAsync(HttpClient http, int call, IReadOnlyList<string> desks, CancellationToken cancellationToken)
    {
        using var request = desks.Count == 0 ? Tool("list_desks", []) : Question(call, desks[call % desks.Count]);
        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode && !answer.Contains("\"isError\":true", StringComparison.Ordinal) ? null : answer;
    }

    /// <param name="isPatient">Waits for the first, else there may be none yet.</param>
    private async Task<IReadOnlyList<string>> DesksAsync(bool isPatient, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_lookForDesks);
        while (true)
        {
            var desks = await journal.DesksAsync(cancellationToken);
            if (desks.Count > 0 || !isPatient)
            {
                return [.. desks.Select(head => head.Desk)];
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Mostly a desk's exposure, by a model and sometimes by a program; now and then the rest.</summary>
    private static HttpRequestMessage Question(int call, string desk) => (call % 10, call / 10 % 4) switch
    {
        (8, _) => new HttpRequestMessage(HttpMethod.Get, $"/api/v1/desks/{Uri.EscapeDataString(desk)}/exposure"),
        (9, 0) => Tool("list_desks", []),
        (9, 1) => Tool("query_alerts", new JsonObject { ["desk"] = desk }),
        (9, 2) => Tool("get_limits", new JsonObject { ["desk"] = desk }),
        (9, _) => Tool("get_exposure", new JsonObject { ["group_by"] = "currency" }),
        _ => Tool("monitor_desk_exposure", new JsonObject { ["desk"] = desk }),
    };

    private static HttpRequestMessage Tool(string name, JsonObject arguments) => ToolCall.Request(s_mcp, name, ToolCall.Body(s_user.Name, name, arguments));

    [LoggerMessage(Level = LogLevel.Information, Message = "Warmed up by {Calls} calls")]
    private partial void LogDone(int calls);

    [LoggerMessage(Level = LogLevel.Information, Message = "The warm-up ended after {Asked} of {Calls} calls, as one was refused: {Answer}")]
    private partial void LogRefused(int asked, int calls, string answer);

    [LoggerMessage(Level = LogLevel.Information, Message = "The warm-up ended early")]
    private partial void LogFailed(Exception exception);
}
