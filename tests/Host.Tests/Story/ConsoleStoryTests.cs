using RiskMonitor.Demo.Story;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Host.Tests.Story;

public sealed class ConsoleStoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Committed = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly StoryChannel _channel = new();
    private readonly PrintedText _output = new();
    private readonly CancellationTokenSource _end = new();
    private Operations.OpenLimits _limits = null!;
    private Task _telling = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _limits = await Operations.OpenLimits.InAsync(_directory.Path);
        Begin(new Ink(colour: false));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _limits.DisposeAsync();
        _directory.Dispose();
        _end.Dispose();
    }

    [Fact]
    public async Task An_alert_is_told_from_its_breach_to_its_cure_with_the_time_since_the_commit()
    {
        Tell("opened", 4, "");
        Tell("analysed", 7, "rules");
        Tell("delivered", 19, "dlv_1 risk.alert.opened attempt 1: 204");
        Tell("acknowledged", 800, "by local-admin: reducing");
        Tell("cured", 9_000, "Figure");

        var lines = await LinesAsync(5);
        Assert.EndsWith("BREACH    \"Rates\": net_delta 1,200,000 USD, limit 1,000,000, over by 200,000, 20 %: WARNING  +4 ms", lines[0]);
        Assert.EndsWith("\"Rates\": analysed by rules: Sell it or hedge it.  +7 ms", lines[1]);
        Assert.EndsWith("\"Rates\": delivered risk.alert.opened, signed, to the risk manager's webhook  +19 ms", lines[2]);
        Assert.EndsWith("\"Rates\": acknowledged by local-admin for \"jane\": reducing — \"hedging\"  +800 ms", lines[3]);
        Assert.EndsWith("CURED     \"Rates\": net_delta is back at 900,000 USD after 9.0 s", lines[4]);
    }

    [Fact]
    public async Task A_delivery_that_fails_is_told_with_its_reason()
    {
        Tell("attempt_failed", 50, "dlv_1 risk.alert.opened attempt 1: 503");

        Assert.EndsWith("\"Rates\": not delivered, will be tried again: dlv_1 risk.alert.opened attempt 1: 503", (await LinesAsync(1))[0]);
    }

    private void Begin(Ink ink) => _telling = new ConsoleStory(_channel, _limits.Store, TimeProvider.System, _output, ink).RunAsync(_end.Token);

    private async Task<string[]> LinesAsync(int count)
    {
        await Eventually.IsTrueAsync($"{count} lines are told", () => Lines().Length >= count);
        return Lines();
    }

    private string[] Lines() => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private void Tell(string kind, int milliseconds, string detail)
    {
        var at = Committed.AddMilliseconds(milliseconds);
        _channel.Publish(new StoryEvent.AlertMoved(Alert(kind == "cured" ? at : null), new AlertEvent(at, kind, 1, detail)));
    }

    /// <summary>A step of an alert in which everything that others name has this name.</summary>
    internal static StoryEvent.AlertMoved Step(string kind, string name)
    {
        var alert = Alert(kind == "cured" ? Committed : null, name);
        return new StoryEvent.AlertMoved(
            alert with
            {
                Analysis = new Analysis($"{name} is over. {name}", "{}", "rules"),
                Acknowledgement = alert.Acknowledgement! with { By = name, OnBehalfOf = name, Comment = name },
            },
            new AlertEvent(Committed, kind, 1, name));
    }

    private static Alert Alert(DateTimeOffset? curedAt, string desk = "Rates")
    {
        var detected = Committed.AddMilliseconds(4);
        var key = new EpisodeKey(RiskMetric.NetDelta, "intraday", "standard");
        var time = new SourceTime(Committed, CommittedToSecond: false, ConnectorAt: null);
        var episode = new Episode
        {
            Key = key,
            Number = 1,
            AlertId = AlertIdentity.AlertId(desk, key, 1),
            OpenedAt = Committed,
            OpenedValue = 1_200_000m,
            Cause = new BreachCause(CauseKind.Position, new Delivery("positions_cdc", 0, 1), "P1", null, null, time, detected),
            Limit = new LimitReference("l", 1),
            Value = 1_200_000m,
            Unit = "USD",
            Threshold = 1_000_000m,
            Severity = Severity.Warning,
            Revision = 1,
            PeakValue = 1_200_000m,
            PeakAt = detected,
            CuredAt = curedAt,
        };
        var net = curedAt is null ? 1_200_000m : 900_000m;
        return new Alert
        {
            AlertId = episode.AlertId,
            RequestId = "req",
            TraceId = "trace",
            Report = new EpisodeReport(desk, 1, episode, "USD", FeedState.Live, detected, new BreachContext(new Totals(net, 0, 1, 0), [], [], [], null)),
            Status = AlertStatus.Delivered,
            Analysis = new Analysis("Rates is over. Sell it or hedge it.", "{}", "rules"),
            Notice = new Notification("dlv_1", NotificationKind.Opened, 1, "", false, detected, 1, false, null, detected, null),
            Acknowledgement = new Acknowledgement("local-admin", "jane", "hedging", Disposition.Reducing, "dlv_1", 1, detected),
            Receipt = new LatencyReceipt(time, detected, detected, null, null, null),
        };
    }
}
