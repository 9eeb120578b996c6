using System.Text;
using System.Text.Json;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

public sealed class HostileMessageTests
{
    /// <summary>Far below what anybody would have to pay for reading.</summary>
    private const int MostErrorChars = 20_000;

    [Fact]
    public async Task A_desk_name_of_100_KB_is_refused_without_being_repeated()
    {
        var (status, answer) = await CallAsync("monitor_desk_exposure", $$"""{"desk": "{{new string('x', 100_000)}}"}""");

        Assert.Equal(200, status);
        Assert.Equal("invalid_input", CodeOf(answer));
        Assert.InRange(answer.Length, 1, MostErrorChars);
    }

    [Fact]
    public async Task Ten_thousand_unknown_arguments_are_refused_in_a_few_words()
    {
        var arguments = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"a{i}\": {i}"));

        var (_, answer) = await CallAsync("list_desks", $"{{{arguments}}}");

        Assert.Equal("invalid_input", CodeOf(answer));
        Assert.Contains("more", answer, StringComparison.Ordinal);
        Assert.InRange(answer.Length, 1, MostErrorChars);
    }

    [Theory]
    [InlineData("""{"desk": "Rates\u0000"}""", "not_found")]
    [InlineData("""{"desk": "'; DROP TABLE alerts; --"}""", "not_found")]
    [InlineData("""{"desk": ["Rates"]}""", "invalid_input")]
    [InlineData("""{"desk": {"desk": {"desk": {}}}}""", "invalid_input")]
    [InlineData("""{"desk": 1e999}""", "invalid_input")]
    public async Task Strange_values_are_answered_with_what_is_wrong(string arguments, string code)
    {
        var (_, answer) = await CallAsync("monitor_desk_exposure", arguments);

        Assert.Equal(code, CodeOf(answer));
        Assert.DoesNotContain("An error occurred", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":"x","message":1}""")]
    [InlineData("""{"code":1.5,"message":"x"}""")]
    [InlineData("""{"code":99999999999,"message":"x"}""")]
    [InlineData("""{"code":1,"message":null}""")]
    public async Task An_answer_of_another_form_is_refused_without_a_type_of_ours(string error)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, answer) = await frontend.McpRawAsync(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":5,"error":{{error}}}"""), "ping");

        Assert.Equal((200, -32600), (status, (int)answer!["error"]!["code"]!));
        Assert.DoesNotContain("ModelContextProtocol", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_message()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var message = Message("monitor_desk_exposure", """{"desk": "?"}""");
        message[Array.IndexOf(message, (byte)'?')] = 0xC3;

        var (status, answer) = await frontend.McpRawAsync(message, "tools/call", "monitor_desk_exposure");

        Assert.Equal((400, -32700), (status, (int)answer!["error"]!["code"]!));
    }

    [Theory]
    [InlineData("""{"desk": "\ud800"}""")]
    [InlineData("""{"\ud800": 1, "desk": "Rates"}""")]
    [InlineData("""["Rates"]""")]
    [InlineData("\"Rates\"")]
    [InlineData("7")]
    public async Task Arguments_that_cannot_be_read_at_all_are_answered_with_how_to_send_them(string arguments)
    {
        var (_, answer) = await CallAsync("monitor_desk_exposure", arguments);

        Assert.Contains("arguments as an object, texts as whole Unicode", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("An error occurred", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_a_megabyte_is_refused_before_it_is_read()
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, answer) = await frontend.McpRawAsync(Message("list_desks", $$"""{"cursor": "{{new string('x', 1_000_000)}}"}"""), "tools/call", "list_desks");

        Assert.Equal(413, status);
        Assert.Contains("Mcp:MostMessageBytes", (string?)answer!["error"]!["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public async Task What_is_no_message_is_refused(string body)
    {
        await using var frontend = await Frontend.StartAsync(new Book());

        var (status, answer) = await frontend.McpRawAsync(Encoding.UTF8.GetBytes(body), "tools/call", "list_desks");

        Assert.Equal(400, status);
        Assert.NotNull((string?)answer!["error"]!["message"]);
    }

    [Fact]
    public async Task A_message_that_is_nested_without_end_is_refused()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        var nested = new string('[', 10_000) + new string(']', 10_000);

        var (status, _) = await frontend.McpRawAsync(Message("list_desks", $$"""{"cursor": {{nested}}}"""), "tools/call", "list_desks");

        Assert.Equal(400, status);
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData(null, "http://localhost:3000", 200)]
    public async Task A_foreign_page_cannot_ask_through_a_browser(string? host, string? origin, int expected)
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        frontend.Client.DefaultRequestHeaders.Host = host;
        if (origin is not null)
        {
            frontend.Client.DefaultRequestHeaders.Add("Origin", origin);
        }

        var (status, _) = await frontend.McpRawAsync(Message("list_desks", "{}"), "tools/call", "list_desks");

        Assert.Equal(expected, status);
    }

    private static async Task<(int Status, string Answer)> CallAsync(string tool, string arguments)
    {
        var book = new Book();
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(book);
        var (status, json) = await frontend.McpRawAsync(Message(tool, arguments), "tools/call", tool);
        return (status, json!.ToJsonString());
    }

    private static byte[] Message(string tool, string arguments) => Encoding.UTF8.GetBytes($$$"""
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "{{{tool}}}", "arguments": {{{arguments}}},
          "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} } } }
        """);

    private static string? CodeOf(string answer)
    {
        var result = JsonElement.Parse(answer).GetProperty("result");
        return result.GetProperty("structuredContent").GetProperty("error").GetProperty("code").GetString();
    }
}
