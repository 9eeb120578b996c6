using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>Tools that ask the client back before they answer, once or more than once (SEP-2322).</summary>
[McpServerToolType]
internal sealed class InputTools(RequestStateSeal seal)
{
    [McpServerTool(Name = "test_input_required_result_elicitation")]
    [Description("Greets the user, once it knows the name.")]
    public static CallToolResult Greet(RequestContext<CallToolRequestParams> request) =>
        Input.Elicited(request.Params, "user_name") is { } answer
            ? Input.Text($"Hello, {answer.Field("name")}!")
            : throw Input.Required(("user_name", Input.Ask("What is your name?", "name", Input.Words)));

    [McpServerTool(Name = "test_input_required_result_sampling")]
    [Description("Lets the client's model answer.")]
    public static CallToolResult Sample(RequestContext<CallToolRequestParams> request) =>
        Input.Sampled(request.Params, "capital_question") is { } answer
            ? Input.Text(Words(answer))
            : throw Input.Required(("capital_question", Input.Sample("What is the capital of France?", maxTokens: 100)));

    [McpServerTool(Name = "test_input_required_result_list_roots")]
    [Description("Names the client's roots.")]
    public static CallToolResult ListRoots(RequestContext<CallToolRequestParams> request) =>
        Input.Listed(request.Params, "client_roots") is { } answer
            ? Input.Text(string.Join(", ", answer.Roots.Select(root => root.Uri)))
            : throw Input.Required(("client_roots", Input.Roots()));

    [McpServerTool(Name = "test_input_required_result_request_state")]
    [Description("Asks for a confirmation and checks that its state comes back.")]
    public CallToolResult Confirm(RequestContext<CallToolRequestParams> request) => Confirm(request, "state-ok: the state came back as it was");

    [McpServerTool(Name = "test_input_required_result_tampered_state")]
    [Description("Asks for a confirmation and refuses a state that somebody changed.")]
    public CallToolResult ConfirmUnchanged(RequestContext<CallToolRequestParams> request) => Confirm(request, "The state was not changed.");

    [McpServerTool(Name = "test_input_required_result_multiple_inputs")]
    [Description("Asks three things at once.")]
    public CallToolResult AskThree(RequestContext<CallToolRequestParams> request)
    {
        var parameters = request.Params;
        if (State(parameters) is not null
            && Input.Elicited(parameters, "user_name") is { } name
            && Input.Sampled(parameters, "greeting") is { } greeting
            && Input.Listed(parameters, "client_roots") is { } roots)
        {
            return Input.Text($"{Words(greeting)} {name.Field("name")}, of {roots.Roots.Count} roots");
        }

        throw Input.Required(
            seal.Seal("asked"),
            ("user_name", Input.Ask("What is your name?", "name", Input.Words)),
            ("greeting", Input.Sample("Generate a greeting", maxTokens: 50)),
            ("client_roots", Input.Roots()));
    }

    [McpServerTool(Name = "test_input_required_result_multi_round")]
    [Description("Asks one thing after the other; what it knows already travels with the client.")]
    public CallToolResult AskInRounds(RequestContext<CallToolRequestParams> request)
    {
        var known = State(request.Params) ?? "";
        if (known.Length == 0)
        {
            known = Input.Elicited(request.Params, "step1")?.Field("name") ?? "";
            throw known.Length == 0
                ? Input.Required(seal.Seal(""), ("step1", Input.Ask("Step 1: What is your name?", "name", Input.Words)))
                : AskColor(known);
        }

        return Input.Elicited(request.Params, "step2")?.Field("color") is { } color ? Input.Text($"{known} likes {color}.") : throw AskColor(known);
    }

    [McpServerTool(Name = "test_input_required_result_capabilities")]
    [Description("Asks only what the client can answer.")]
    public static CallToolResult AskWhatIsPossible(RequestContext<CallToolRequestParams> request)
    {
        if (Input.Sampled(request.Params, "model") is not null || Input.Elicited(request.Params, "user") is not null)
        {
            return Input.Text("The client answered.");
        }

        var can = request.Server.ClientCapabilities;
        List<(string, InputRequest)> asks = [];
        if (can?.Sampling is not null)
        {
            asks.Add(("model", Input.Sample("What can you do?", maxTokens: 50)));
        }

        if (can?.Elicitation is not null)
        {
            asks.Add(("user", Input.Ask("What can you do?", "answer", Input.Words)));
        }

        return asks.Count == 0 ? Input.Text("The client can answer nothing.") : throw Input.Required([.. asks]);
    }

    private static string Words(CreateMessageResult answer) => string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private CallToolResult Confirm(RequestContext<CallToolRequestParams> request, string confirmed) =>
        State(request.Params) is not null && Input.Elicited(request.Params, "confirm") is not null
            ? Input.Text(confirmed)
            : throw Input.Required(seal.Seal("unconfirmed"), ("confirm", Input.Ask("Please confirm", "ok", Input.Flag)));

    private InputRequiredException AskColor(string name) =>
        Input.Required(seal.Seal(name), ("step2", Input.Ask("Step 2: What is your favorite color?", "color", Input.Words)));

    private string? State(RequestParams? parameters) => parameters?.RequestState is { } state ? seal.Open(state) : null;
}
