using System.Text.RegularExpressions;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Embedded.Tests.Hosting;

public sealed partial class WarmUpTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Every_question_that_the_host_asks_itself_is_answered_and_none_is_audited()
    {
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", _data.Path], new Dictionary<string, string> { ["RiskMonitor__WarmUpCalls"] = "80" });

        await Eventually.IsTrueAsync("the warm-up says that it is done", () => host.Errors.Contains("Warmed up by 80 calls", StringComparison.Ordinal));
        var answered = Answered().Matches(await host.Http.GetStringAsync("metrics")).Select(match => (Tool: match.Groups["tool"].Value, Outcome: match.Groups["outcome"].Value)).ToList();
        foreach (var tool in new[] { "monitor_desk_exposure", "list_desks", "query_alerts", "get_limits", "get_exposure" })
        {
            Assert.Equal(["ok"], answered.Where(call => call.Tool == tool).Select(call => call.Outcome));
        }

        Assert.Equal(0, await host.TerminateAsync());
        var (exitCode, audit, _) = await HostProcess.RunAsync("audit", "--data", _data.Path);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("warm-up", audit);
        Assert.Contains("demo risk manager", audit);
    }

    [Fact]
    public async Task It_ends_at_the_first_refusal()
    {
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", _data.Path],
            new Dictionary<string, string>
            {
                ["RiskMonitor__WarmUpCalls"] = "400",
                ["RiskMonitor__RateLimit__Tools__get_limits__Calls"] = "1",
                ["RiskMonitor__RateLimit__Tools__get_limits__Per"] = "01:00:00",
                ["RiskMonitor__RateLimit__Tools__get_limits__Burst"] = "2",
            });

        await Eventually.IsTrueAsync("the warm-up says that it was refused", () => host.Errors.Contains("of 400 calls, as one was refused: ", StringComparison.Ordinal));
        Assert.Contains("rate_limited_total{tool=\"get_limits\"} 1\n", await host.Http.GetStringAsync("metrics"));
    }

    [Fact]
    public void Nobody_else_may_have_its_name() => Assert.NotNull(RiskUser.NameProblem("warm-up"));

    public void Dispose() => _data.Dispose();

    [GeneratedRegex("requests_total\\{outcome=\"(?<outcome>[a-z_]+)\",tool=\"(?<tool>[a-z_]+)\"\\}")]
    private static partial Regex Answered();
}
