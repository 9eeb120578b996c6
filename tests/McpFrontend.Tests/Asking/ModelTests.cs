using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Asking;

public sealed class ModelTests
{
    private const string Right = "Rates is net long 1.6 million USD, 160% of its limit.";

    [Fact]
    public async Task A_model_calls_the_callers_tools_and_its_verified_conclusion_is_the_answer()
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Says(Right));
        await using var frontend = await StartAsync(model);

        var answer = await frontend.AskAsync("How is Rates?");

        Assert.Equal("model", (string?)answer["answered_by"]);
        Assert.Equal(Right, answer.Conclusion());
        Assert.Null(answer["rejected"]);
        Assert.Equal(["monitor_desk_exposure"], answer.Tools());
        Assert.Equal(["1.6 million USD", "160%"], answer["citations"]!.AsArray().Select(citation => (string)citation!["figure"]!));
        Assert.Equal("Bearer secret", model.Keys.First());
    }

    [Fact]
    public async Task The_model_receives_the_tools_the_results_and_the_instruction_that_names_are_data()
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Says(Right));
        await using var frontend = await StartAsync(model);

        await frontend.AskAsync("How is Rates?");

        var first = model.Requests.First();
        Assert.Equal("test-model", (string?)first["model"]);
        var tools = first["tools"]!.AsArray().Select(tool => (string)tool!["function"]!["name"]!).ToList();
        Assert.Contains("monitor_desk_exposure", tools);
        Assert.DoesNotContain("ask_risk", tools);
        Assert.DoesNotContain("ack_alert", tools);
        Assert.Contains(first["tools"]!.AsArray(), tool => (string?)tool!["function"]!["parameters"]!["required"]?[0] == "desk");
        Assert.Contains("never follow", (string?)first["messages"]![0]!["content"], StringComparison.Ordinal);
        var result = model.Requests.Last()["messages"]!.AsArray().Last()!;
        Assert.Equal("tool", (string?)result["role"]);
        Assert.Equal("1600000.5000", (string?)JsonNode.Parse((string)result["content"]!)!["result"]!["exposure"]!["delta"]);
    }

    [Theory]
    [InlineData("Rates carries 1.7 million USD.")]
    [InlineData("Rates carries two million and a half dollars.")]
    [InlineData("Rates carries -1,600,000.5 USD.")]
    [InlineData("Rates carries 1,600,000.5 EUR.")]
    [InlineData("Credit carries 1,600,000.5 USD.")]
    [InlineData("Rates uses 120% of its limit.")]
    [InlineData("Rates is within its limits.")]
    [InlineData("Rates 的敞口是两百五十万美元。")]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_conclusion_that_cannot_be_verified_is_replaced_and_the_answer_gives_the_reason(string conclusion)
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Says(conclusion));
        await using var frontend = await StartAsync(model);

        var answer = await frontend.AskAsync("How is Rates?");

        AssertByRules(answer, "");
        if (conclusion.Trim().Length > 0)
        {
            Assert.NotEqual(conclusion, answer.Conclusion());
        }
    }

    [Fact]
    public async Task A_rejection_names_the_figure()
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Says("Rates carries 1,777,777 USD."));
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "1,777,777 USD");
    }

    [Fact]
    public async Task A_figure_that_belongs_to_another_desk_of_the_question_is_rejected()
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Asks("Credit"), Model.Says("Credit carries 1,600,000.5 and Rates -312,000."));
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("Compare Rates and Credit"), "not of whom");
    }

    [Fact]
    public async Task A_conclusion_without_any_call_is_rejected()
    {
        await using var model = await Model.StartAsync(Model.Says("All is well."));
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "rests on no result");
    }

    [Fact]
    public async Task A_model_that_calls_without_end_is_stopped_at_the_greatest_number_of_calls()
    {
        var asked = 0;
        await using var model = await Model.StartAsync((context, _, _) => Model.WriteAsync(context, Model.Calls(("get_limits", $$"""{"page_size": {{Interlocked.Increment(ref asked)}} }"""))));
        await using var frontend = await StartAsync(model, ("Llm:MostCalls", "3"));

        var answer = await frontend.AskAsync("How is Rates?");

        AssertByRules(answer, "within 3 calls");
        Assert.Equal(3, answer.Tools().Count(tool => tool == "get_limits"));
        Assert.Equal(4, model.Requests.Count);
        Assert.Null(model.Requests.Last()["tools"]);
    }

    [Fact]
    public async Task Many_calls_in_one_response_are_bounded_too()
    {
        await using var model = await Model.StartAsync(
            Model.Calls([.. Enumerable.Range(1, 50).Select(i => ("get_limits", $$"""{"page_size": {{i}} }"""))]), Model.Says("Rates has limits."));
        await using var frontend = await StartAsync(model);

        Assert.Equal(8, (await frontend.AskAsync("How is Rates?")).Tools().Count(tool => tool == "get_limits"));
    }

    [Theory]
    [InlineData("drop_table", "{}")]
    [InlineData("ack_alert", """{"alert_id": "5f0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11"}""")]
    [InlineData("ask_risk", """{"question": "x"}""")]
    [InlineData("monitor_desk_exposure", "not json")]
    [InlineData("monitor_desk_exposure", "[1]")]
    [InlineData("monitor_desk_exposure", "")]
    [InlineData("monitor_desk_exposure", """{"desk": 5}""")]
    [InlineData("monitor_desk_exposure", """{"desk": {"$gt": ""}}""")]
    [InlineData("monitor_desk_exposure", """{"desk": "Rates", "password": "x"}""")]
    public async Task A_wrong_call_gets_an_error_and_the_model_may_correct_it(string tool, string arguments)
    {
        await using var model = await Model.StartAsync(Model.Calls((tool, arguments)), Model.Asks("Rates"), Model.Says(Right));
        await using var frontend = await StartAsync(model);

        var answer = await frontend.AskAsync("How is Rates?");

        Assert.Equal("model", (string?)answer["answered_by"]);
        Assert.Contains("error", (string?)model.Requests.ElementAt(1)["messages"]!.AsArray().Last()!["content"], StringComparison.Ordinal);
        Assert.Equal("ok", (string?)answer["calls"]!.AsArray().Last()!["result"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(302)]
    public async Task Rules_answer_when_the_endpoint_returns_an_error(int status)
    {
        await using var model = await Model.StartAsync((context, _, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
            return context.Response.WriteAsync("no");
        });
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "error");
        Assert.Equal(status is 429 or >= 500 ? 2 : 1, model.Requests.Count);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"choices": []}""")]
    [InlineData("""{"choices": [{"message": null}]}""")]
    [InlineData("")]
    public async Task Rules_answer_when_the_endpoint_returns_nonsense(string body)
    {
        await using var model = await Model.StartAsync((context, _, _) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "");
    }

    [Fact]
    public async Task An_endpoint_that_hangs_delays_a_question_by_its_timeout_and_other_calls_not_at_all()
    {
        await using var model = await Model.StartAsync((context, _, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var frontend = await StartAsync(model, ("Llm:Timeout", "00:00:02"), ("Llm:CallTimeout", "00:00:01"));

        var asking = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => frontend.AskAsync("How is Rates?")));
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => frontend.OkAsync("/api/v1/desks/Rates/exposure")));

        Assert.False(asking.IsCompleted);
        Assert.Equal(20, others.Length);
        Assert.All(await asking, answer => AssertByRules(answer, ""));
    }

    [Fact]
    public async Task A_response_that_arrives_too_slowly_is_cut_off()
    {
        await using var model = await Model.StartAsync(async (context, _, _) =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        await using var frontend = await StartAsync(model, ("Llm:CallTimeout", "00:00:01"));

        AssertByRules(await frontend.AskAsync("How is Rates?"), "in time");
    }

    [Fact]
    public async Task A_huge_response_is_not_read()
    {
        await using var model = await Model.StartAsync((context, _, _) => Model.WriteAsync(context, Model.Says(new string('x', 3_000_000))));
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "error");
    }

    [Fact]
    public async Task A_conclusion_that_is_too_long_or_cut_off_is_rejected()
    {
        await using var model = await Model.StartAsync((context, number, _) => Model.WriteAsync(context, number switch
        {
            0 or 2 => Model.Asks("Rates"),
            1 => Model.Says(new string('x', 10_000)),
            _ => Model.Says("Rates is net", finish: "length"),
        }));
        await using var frontend = await StartAsync(model);

        AssertByRules(await frontend.AskAsync("How is Rates?"), "10000 characters");
        AssertByRules(await frontend.AskAsync("How is Rates?"), "cut off");
    }

    [Fact]
    public async Task A_model_that_keeps_failing_is_not_called_for_a_while()
    {
        await using var model = await Model.StartAsync((context, _, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await using var frontend = await StartAsync(model);

        for (var i = 0; i < 5; i++)
        {
            await frontend.AskAsync("How is Rates?");
        }

        var before = model.Requests.Count;
        AssertByRules(await frontend.AskAsync("How is Rates?"), "left alone");
        Assert.Equal(before, model.Requests.Count);
    }

    [Fact]
    public async Task Rules_answer_when_no_server_listens()
    {
        var model = await Model.StartAsync(Model.Says(Right));
        await model.DisposeAsync().AsTask();
        await using var frontend = await Frontend.StartAsync(Floor.Book(), ("Llm:Endpoint", "http://127.0.0.1:9/v1"), ("Llm:Model", "m"));

        AssertByRules(await frontend.AskAsync("How is Rates?"), "");
    }

    [Fact]
    public async Task Data_caveats_are_appended_when_the_model_omits_them()
    {
        var book = Floor.Book();
        book.Put("Rates", "P8", null);
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Says(Right));
        await using var frontend = await StartAsync(model, book);

        var answer = await frontend.AskAsync("How is Rates?");

        Assert.Equal("model", (string?)answer["answered_by"]);
        Assert.Contains("1 of 3 positions of Rates have no delta", answer.Conclusion(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_of_a_question_is_counted_exactly_once()
    {
        await using var model = await Model.StartAsync(Model.Asks("Rates"), Model.Asks("Rates"), Model.Says(Right));
        await using var frontend = await StartAsync(model);
        Assert.Equal(["monitor_desk_exposure"], (await frontend.AskAsync("How is Rates?")).Tools());
        var metrics = await frontend.Client.GetStringAsync("/metrics");
        Assert.Matches("""riskmonitor_llm_requests_total\{[^}]*purpose="ask"[^}]*\}""", metrics);
        Assert.Contains("tool=\"ask_risk\"", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Llm:Endpoint", "ftp://x", "Llm:Endpoint is 'ftp://x'")]
    [InlineData("Llm:Endpoint", "http://user:pw@host/v1", "Llm:ApiKey")]
    [InlineData("Llm:Model", "", "Llm:Model is empty")]
    [InlineData("Llm:Timeout", "00:10:00", "Llm:Timeout is 00:10:00")]
    [InlineData("Llm:MostCalls", "0", "Llm:MostCalls is 0")]
    [InlineData("Llm:BreakerFailureRatio", "2", "Llm:BreakerFailureRatio is 2")]
    public async Task A_wrong_setting_stops_the_start_and_says_what_to_change(string key, string value, string says)
    {
        var settings = new Dictionary<string, string> { ["Llm:Endpoint"] = "http://127.0.0.1:9/v1", ["Llm:Model"] = "m", [key] = value };

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Frontend.StartAsync(Floor.Book(), [.. settings.Select(setting => (setting.Key, setting.Value))]));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user:pw", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertByRules(JsonNode answer, string why)
    {
        Assert.Equal("rules", (string?)answer["answered_by"]);
        Assert.Contains(why, (string?)answer["rejected"], StringComparison.Ordinal);
        Assert.Contains("Rates is net long 1,600,000.5 USD", answer.Conclusion(), StringComparison.Ordinal);
    }

    private static Task<Frontend> StartAsync(Model model, params (string Key, string Value)[] settings) => StartAsync(model, Floor.Book(), settings);

    private static Task<Frontend> StartAsync(Model model, Book book, params (string Key, string Value)[] settings) => Frontend.StartAsync(
        book, [("Llm:Endpoint", model.Url), ("Llm:Model", "test-model"), ("Llm:ApiKey", "secret"), .. settings]);
}
