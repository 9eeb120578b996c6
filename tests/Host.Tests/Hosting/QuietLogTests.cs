namespace RiskMonitor.Host.Tests.Hosting;

public sealed class QuietLogTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task A_normal_start_and_stop_logs_no_warning_and_nothing_of_the_libraries()
    {
        await using var host = await HostProcess.StartAsync(["--port", "0", "--data", _data.Path]);
        await Eventually.IsTrueAsync("the demo risk manager acknowledges", () => host.Output.Any(line => line.Contains("acknowledged", StringComparison.Ordinal)));
        Assert.Equal(0, await host.TerminateAsync());

        var log = host.Log();
        Assert.NotEmpty(log);
        Assert.Empty(host.Alarms());
        Assert.DoesNotContain(log, line => line.Level == "Information" && !line.Category.StartsWith("RiskMonitor", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_level_of_the_configuration_wins_over_the_default()
    {
        await using var host = await HostProcess.StartAsync(
            ["--port", "0", "--data", _data.Path, "--no-demo"], new Dictionary<string, string> { ["RiskMonitor__Logging__LogLevel__Orleans"] = "Information" });
        await host.TerminateAsync();

        Assert.Contains(host.Log(), line => line.Level == "Information" && line.Category.StartsWith("Orleans.", StringComparison.Ordinal));
    }

    public void Dispose() => _data.Dispose();
}
