using RiskMonitor.Risk.Access;

namespace RiskMonitor.Embedded.Tests.Hosting;

public sealed class WarmUpTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Every_question_that_the_host_asks_itself_is_answered_and_none_is_audited()
    {
        await using var host = await StartAsync(("WarmUpCalls", "80"));

        // It would have ended at the first that was not.
        await Eventually.IsTrueAsync("the warm-up says that it is done", () => host.Errors.Contains("Warmed up by 80 calls", StringComparison.Ordinal));
        await Eventually.IsTrueAsync("the demo risk manager acknowledges", () => host.Output.Any(line => line.Contains("acknowledged", StringComparison.Ordinal)));
        Assert.Equal(0, await host.TerminateAsync());

        var (exitCode, audit, _) = await HostProcess.RunAsync("audit", "--data", _data.Path);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("warm-up", audit);
        Assert.Contains("demo risk manager", audit);
    }

    [Fact]
    public async Task It_ends_at_the_first_refusal_and_says_so()
    {
        await using var host = await StartAsync(
            ("WarmUpCalls", "400"), ("RateLimit__Tools__get_limits__Calls", "1"), ("RateLimit__Tools__get_limits__Per", "01:00:00"), ("RateLimit__Tools__get_limits__Burst", "2"));

        await Eventually.IsTrueAsync("the warm-up says that it was refused", () => host.Errors.Contains("of 400 calls, as one was refused: ", StringComparison.Ordinal));

        Assert.Contains("asks get_limits more often than 1 times", host.Errors);
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public void Nobody_else_may_have_its_name() => Assert.NotNull(UserName.Problem("warm-up", RiskUser.MostNameChars));

    public void Dispose() => _data.Dispose();

    private Task<HostProcess> StartAsync(params (string Key, string Value)[] settings) => HostProcess.StartAsync(
        ["--port", "0", "--data", _data.Path], settings.ToDictionary(setting => $"RiskMonitor__{setting.Key}", setting => setting.Value));
}
