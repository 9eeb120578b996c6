using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Tests.Asking;

/// <summary>A question is answered with the rights of its caller, by the rules and by a model.</summary>
public sealed class RightsTests
{
    private static readonly string[] s_hidden = ["Credit", "FX", "Limits and Breaches", "P3", "T3", "CDX", "312000", "312,000"];

    [Theory]
    [InlineData("what is our total exposure")]
    [InlineData("which desks are in breach?")]
    [InlineData("哪些交易台超限了？")]
    [InlineData("which desks are there")]
    [InlineData("largest securities")]
    [InlineData("latest alerts")]
    [InlineData("what are the limits")]
    [InlineData("compare Rates with everything")]
    [InlineData("morning overview")]
    public async Task An_answer_does_not_mention_desks_outside_the_callers_scope(string question)
    {
        await using var frontend = await Frontend.StartAsync(Floor.Book());
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Trader, "Rates");

        var answer = Shown.In(await AskAsync(frontend, ann, question));

        Assert.All(s_hidden, hidden => Assert.DoesNotContain(hidden, answer, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("what is the exposure of {0}?")]
    [InlineData("is {0} in breach?")]
    [InlineData("compare Rates and {0}")]
    [InlineData("open alerts of {0}")]
    [InlineData("who are the biggest traders on {0}?")]
    [InlineData("{0} 的敞口是多少")]
    [InlineData("exposure of \"{0}\"")]
    public async Task A_desk_outside_the_callers_scope_gets_the_same_answer_as_one_that_does_not_exist(string question)
    {
        await using var frontend = await Frontend.StartAsync(Floor.Book());
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Trader, "Rates");

        var hidden = await AskAsync(frontend, ann, question.Replace("{0}", "Credit", StringComparison.Ordinal));
        var nothing = await AskAsync(frontend, ann, question.Replace("{0}", "Cradle", StringComparison.Ordinal));

        Assert.Equal(
            Told(nothing).Replace("Cradle", "Credit", StringComparison.Ordinal).Replace("cradle", "credit", StringComparison.Ordinal),
            Told(hidden));
    }

    [Theory]
    [InlineData("who are the biggest contributors on Rates?")]
    [InlineData("largest traders")]
    [InlineData("positions of Rates")]
    [InlineData("positions of trader T1")]
    public async Task A_caller_who_sees_aggregates_only_gets_that_reason_and_no_traders(string question)
    {
        await using var frontend = await Frontend.StartAsync(Floor.Book());
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Desk, "Rates");

        var answer = await AskAsync(frontend, ann, question);

        Assert.Matches("clearance|not among what you may call", answer.Conclusion());
        Assert.All(new[] { "BUND", "OAT", "T2" }, hidden => Assert.DoesNotContain(hidden, Shown.In(answer), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_gets_the_callers_tools_and_no_more_data_than_the_caller()
    {
        await using var model = await Model.StartAsync(
            Model.Asks("Credit"), Model.Calls(("query_positions", "{}"), ("list_desks", "{}")), Model.Says("Credit is short 312,000 EUR."));
        await using var frontend = await Frontend.StartAsync(Floor.Book(), ("Llm:Endpoint", model.Url), ("Llm:Model", "m"));
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Desk, "Rates");

        var answer = await AskAsync(frontend, ann, "How is Rates?");

        Assert.Equal("rules", (string?)answer["answered_by"]);
        Assert.DoesNotContain(model.Requests.First()["tools"]!.AsArray(), tool => (string?)tool!["function"]!["name"] == "query_positions");
        var told = Shown.In(string.Concat(model.Requests.Last()["messages"]!.AsArray().Where(message => (string?)message!["role"] == "tool")));
        Assert.All(s_hidden.Except(["Credit"]), hidden => Assert.DoesNotContain(hidden, told, StringComparison.Ordinal));
        Assert.DoesNotContain("BUND", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_has_every_call_of_a_question_under_an_id_of_the_question()
    {
        await using var frontend = await Frontend.StartAsync(Floor.Book());
        var ann = frontend.Registry.Add("ann", Role.Viewer, Clearance.Trader, "Rates");

        var requestId = (string)(await AskAsync(frontend, ann, "what is the exposure of Rates?"))["request_id"]!;

        await Eventually.IsTrueAsync("both calls are in the audit log", () => frontend.Registry.Audit.Count(entry => entry.User == "ann") >= 2);

        var entries = frontend.Registry.Audit.Where(entry => entry.User == "ann").ToDictionary(entry => entry.Tool);
        Assert.Equal(requestId, entries["ask_risk"].RequestId);
        Assert.Equal($"{requestId}.1", entries["monitor_desk_exposure"].RequestId);
        Assert.Equal("Rates", entries["monitor_desk_exposure"].Desk);
        Assert.Equal("question", entries["monitor_desk_exposure"].Channel);
    }

    [Fact]
    public async Task More_questions_than_permits_do_not_deadlock_on_their_own_calls()
    {
        await using var frontend = await Frontend.StartAsync(
            Floor.Book(), ("RateLimit:MostInFlight", "2"), ("RateLimit:Tools:ask_risk:Burst", "100"), ("RateLimit:Tools:ask_risk:Calls", "100"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => frontend.AskAsync("compare Rates and FX Options")));

        Assert.All(answers, answer => Assert.Equal(2, answer.Tools().Count()));
    }

    [Fact]
    public async Task A_question_over_mcp_gets_the_same_answer_as_over_http()
    {
        await using var frontend = await Frontend.StartAsync(Floor.Book());
        await using var client = await frontend.McpAsync();

        var result = await client.CallToolAsync("ask_risk", new Dictionary<string, object?> { ["question"] = "which desks are in breach?" });

        Assert.NotEqual(true, result.IsError);
        Assert.Equal("rules", result.StructuredContent!.Value.GetProperty("answered_by").GetString());
        Assert.Contains("Rates", result.StructuredContent!.Value.GetProperty("conclusion").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> AskAsync(Frontend frontend, string key, string question)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/ask") { Content = JsonContent.Create(new { question }) };
        request.Headers.Add("Authorization", $"Bearer {key}");
        using var response = await frontend.Client.SendAsync(request);
        var json = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.True(response.IsSuccessStatusCode, $"'{question}': {json}");
        return json;
    }

    /// <summary>The answer without the fields that differ each time.</summary>
    private static string Told(JsonNode answer) => string.Join('\n', answer["understood"], answer.Conclusion(), answer["calls"]!.ToJsonString(), answer["citations"]!.AsArray().Count);
}
