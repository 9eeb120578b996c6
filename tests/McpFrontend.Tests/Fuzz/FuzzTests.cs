using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RiskMonitor.McpFrontend.Tests.World;

namespace RiskMonitor.McpFrontend.Tests.Fuzz;

/// <summary>
/// Ten thousand hostile requests against the real server, always the same ones. <c>RISKMONITOR_FUZZ</c> makes it another number of others:
/// <c>RISKMONITOR_FUZZ=1000000</c>; a request that fails is shown with its seed.
/// </summary>
public sealed partial class FuzzTests
{
    private const int Usual = 10_000;
    private const int AtATime = 16;

    private static readonly int[] s_documented = [200, 202, 204, 400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 429, 431, 501, 503, 504, 505];

    [Fact]
    public async Task Whatever_is_sent_the_answer_is_documented_and_shows_nothing_of_the_inside()
    {
        var book = new Book();
        book.Put("Rates", "P1", 10);
        await using var frontend = await Frontend.StartAsync(
            book, ("RateLimit:Unauthenticated:Calls", "1000000"), ("RateLimit:Unauthenticated:Burst", "1000000"), ("RateLimit:Tools:ask_risk:Calls", "1000000"), ("RateLimit:Tools:ask_risk:Burst", "1000000"));
        var isChosen = int.TryParse(Environment.GetEnvironmentVariable("RISKMONITOR_FUZZ"), CultureInfo.InvariantCulture, out var chosen);
        var first = isChosen ? Random.Shared.Next() : 1;
        var problems = new List<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, isChosen ? chosen : Usual), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, _) =>
        {
            var seed = unchecked(first + i);
            var request = Encoding.Latin1.GetString(new HostileRequests(seed).Next());
            var answer = await RawClient.AskAsync(frontend, request);
            if (Problem(request, answer) is { } problem)
            {
                lock (problems)
                {
                    problems.Add($"seed {seed}: {problem}\n{Shortened(request)}\n---\n{Shortened(answer)}");
                }
            }
        });

        Assert.True(problems.Count == 0, $"{problems.Count} answers are wrong:\n{string.Join("\n=====\n", problems.OrderBy(problem => problem.Length).Take(5))}");
        Assert.Equal("ok", (string?)(await frontend.OkAsync("/health"))["status"]);
    }

    private static string? Problem(string request, string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var interim = answer.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal);
        if (interim)
        {
            return Problem(request, answer[(end + 4)..]);
        }

        if (end < 0 || !int.TryParse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status))
        {
            return "there is no answer";
        }

        if (!s_documented.Contains(status))
        {
            return "the status is not documented";
        }

        if (Inside().Match(answer) is { Success: true } inside)
        {
            return $"it shows '{inside.Value}'";
        }

        var (head, body) = (answer[..end], answer[(end + 4)..]);
        if (status is 202 or 204 || request.StartsWith("HEAD ", StringComparison.Ordinal))
        {
            return null;
        }

        if (body.Length == 0)
        {
            return "the body is empty";
        }

        return status == 200 ? null : IsError(head, body) ? null : "the body is neither a problem nor a JSON-RPC error";
    }

    private static bool IsError(string head, string body)
    {
        try
        {
            var start = body.IndexOf('{', StringComparison.Ordinal);
            var json = JsonNode.Parse(head.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? body[start..(body.LastIndexOf('}') + 1)] : body);
            return json?["error"]?["code"] is not null || (json?["code"] is not null && json["request_id"] is not null && json["status"] is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Shortened(string text) => text.Length <= 1_500 ? text : text[..1_500] + "…";

    /// <summary>Stack traces, names of .NET types and their members, paths of this machine.</summary>
    [GeneratedRegex(@"   at |System\.[A-Z]|Microsoft\.[A-Z]|ModelContextProtocol|Exception\b|RiskMonitor\.[A-Z]\w+\.|BytePositionInLine|isFinalBlock|JsonElement|Int32|Int64|MinRequestBodyDataRate|\.cs\b|/home/|/root/|/tmp/|/var/")]
    private static partial Regex Inside();
}
