using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Operations;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Host.Tests.Operations;

public sealed class LimitsCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private OpenLimits _open = null!;

    private ILimitStore Limits => _open.Store;

    public async ValueTask InitializeAsync() => _open = await OpenLimits.InAsync(_directory.Path);

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_new_limit_holds_at_once_for_its_desk_only()
    {
        await SetAsync("--desk", "FX Forwards", "--threshold", "5000000", "--reason", "mandate");

        var (own, other) = (await Limits.ForDeskAsync("FX Forwards", default), await Limits.ForDeskAsync("Rates", default));
        Assert.Equal(5_000_000m, Effective(own, "FX Forwards")?.Threshold);
        Assert.Null(Effective(other, "Rates"));
        Assert.Contains("version 1", _output.ToString());
    }

    [Fact]
    public async Task A_change_needs_the_version_that_was_seen()
    {
        await SetAsync("--default", "--threshold", "100", "--reason", "first");

        var problem = await Assert.ThrowsAsync<UsageException>(() => SetAsync("--default", "--threshold", "200", "--reason", "second"));
        Assert.Contains("is at version 1 (100.00, first); to change it, add --expected-version 1", problem.Message);

        await SetAsync("--default", "--threshold", "200", "--reason", "second", "--expected-version", "1");
        var row = Assert.Single(await Limits.ListAsync(default));
        Assert.Equal((200m, 2, "second"), (row.Threshold, row.Version, row.Reason));
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays()
    {
        await SetAsync("--default", "--threshold", "100", "--reason", "first", "--warning-ratio", "0.7", "--cure-ratio", "0.9", "--valid-to", "2099-01-01T00:00:00Z");

        await SetAsync("--default", "--threshold", "200", "--reason", "second", "--expected-version", "1");

        var row = Assert.Single(await Limits.ListAsync(default));
        Assert.Equal((0.7m, 0.9m, 2099), (row.WarningRatio, row.CureRatio, row.ValidTo?.Year));
    }

    [Fact]
    public async Task A_removed_limit_has_ended_and_can_be_set_again()
    {
        await SetAsync("--desk", "Rates", "--threshold", "100", "--reason", "first");

        await RemoveAsync("--desk", "Rates", "--reason", "desk closed", "--expected-version", "1");
        Assert.Null(Effective(await Limits.ForDeskAsync("Rates", default), "Rates"));
        await SetAsync("--desk", "Rates", "--threshold", "100", "--reason", "open again", "--expected-version", "2");

        Assert.Equal(3, Effective(await Limits.ForDeskAsync("Rates", default), "Rates")?.Version);
    }

    [Fact]
    public async Task A_limit_of_the_configuration_is_changed_there()
    {
        await Limits.ConfigureAsync(AlertingScope.Default, [ConfiguredLimits.DefaultNetDelta(5)], default);

        var problem = await Assert.ThrowsAsync<UsageException>(() => SetAsync("--default", "--threshold", "9", "--reason", "x", "--expected-version", "1"));

        Assert.Contains("RiskMonitor__Limits__DefaultNetDelta", problem.Message);
    }

    [Theory]
    [InlineData("--threshold 5 --reason x", "either --desk NAME, or --default")]
    [InlineData("--desk A --default --threshold 5 --reason x", "either --desk NAME, or --default")]
    [InlineData("--desk A --reason x", "--threshold is missing")]
    [InlineData("--desk A --threshold 5", "--reason is missing")]
    [InlineData("--desk A --threshold 5m --reason x", "--threshold is '5m'")]
    [InlineData("--desk A --threshold -5 --reason x", "threshold is -5; it must be 0 or more")]
    [InlineData("--desk A --threshold 5 --reason x --warning-ratio 80", "warning_ratio is 80")]
    [InlineData("--desk A --threshold 5 --reason x --metric vega", "--metric is 'vega'; give one of net_delta, gross_delta")]
    [InlineData("--desk A --threshold 5 --reason x --horizon weekly", "--horizon is 'weekly'; give one of intraday, overnight")]
    [InlineData("--desk A --threshold 5 --reason x --valid-from 2027-01-04T08:00:00", "give a time with its zone")]
    public async Task A_wrong_limit_is_refused_with_its_remedy(string options, string message)
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => SetAsync(options.Split(' ')));

        Assert.Contains(message, problem.Message);
        Assert.Empty(await Limits.ListAsync(default));
    }

    [Fact]
    public async Task The_list_shows_what_holds()
    {
        await SetAsync("--desk", "FX/Forwards", "--threshold", "5000000", "--reason", "mandate of 12 January");

        await new LimitsCommand(Limits, TimeProvider.System, _output).ListAsync(default);

        Assert.Contains("FX/Forwards  net_delta  standard  intraday  5,000,000.00", _output.ToString());
        Assert.Contains("mandate of 12 January", _output.ToString());
    }

    private static RiskLimit? Effective(LimitSet set, string desk) => set.Effective(desk, RiskMetric.NetDelta, "standard", "intraday", DateTimeOffset.UtcNow);

    private Task SetAsync(params string[] options) =>
        new LimitsCommand(Limits, TimeProvider.System, _output).SetAsync(RiskMonitorCommand.Parse(["limits", "set", .. options]), default);

    private Task RemoveAsync(params string[] options) =>
        new LimitsCommand(Limits, TimeProvider.System, _output).RemoveAsync(RiskMonitorCommand.Parse(["limits", "remove", .. options]), default);
}
