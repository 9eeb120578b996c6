using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Alerts;

namespace RiskMonitor.Storage.Tests.Alerts;

public sealed class AlertJsonTests
{
    /// <summary>An alert as format 1 wrote it. Never to be changed.</summary>
    private const string InFormat1 =
        """
        {"v":1,"alert":{"version":7,"alert_id":"3f2504e0-4f89-51d3-9a0c-0305e82c3301","request_id":"req_1","trace_id":"trace","report":{"desk":"Rates/EMEA","sequence":12,
        "episode":{"key":{"metric":"GrossDelta","horizon":"intraday","profile":"standard"},"number":3,"alert_id":"3f2504e0-4f89-51d3-9a0c-0305e82c3301",
        "opened_at":"2026-11-03T12:00:00+00:00","opened_value":1700.0000,"cause":{"kind":"Position","delivery":{"topic":"positions_cdc","partition":2,"offset":99},"position_id":"p-1",
        "source":{"log":"binlog","file":17,"offset":400,"row":1},"transaction_id":"gtid-1","time":{"committed_at":"2026-11-03T12:00:00+00:00","committed_to_second":true}},
        "limit":{"limit_id":"house","version":2},"value":79228162514264337593543950335,"unit":"USD","threshold":1000,"severity":"Critical","revision":2,"peak_value":-1700.00000000000000000000000001,
        "peak_at":"2026-11-03T12:00:01+00:00","cured_at":"2026-11-03T12:00:02+00:00","cure_reason":"LimitChanged","transient":false},"unit":"USD","feed":"Unproven",
        "detected_at":"2026-11-03T12:00:00.0120000+00:00","context":{"totals":{"long":1700,"short":0,"count":1,"missing":0},"currencies":[{"key":"USD","unit":"USD","totals":{"long":1700,"short":0,"count":1,"missing":0}}],
        "traders":[],"securities":[]}},"status":"PendingDelivery","deliveries":[{"delivery_id":"dlv_1","revision":1}],"delivery_count":2,"receipt":{"detected_at":"2026-11-03T12:00:00+00:00"}}}
        """;

    [Fact]
    public void An_alert_reads_back_as_it_was_written_with_everything_that_can_happen_to_one()
    {
        var alert = Samples.Alert("Rates/EMEA", change: episode => episode with
        {
            CuredAt = Samples.Noon.AddMinutes(1),
            CureReason = CureReason.Incomplete,
            PeakValue = -1.0000000000000000000000000001m,
            Value = decimal.MaxValue,
        }) with
        {
            Version = 5,
            Status = AlertStatus.Delivered,
            Analysis = new Analysis("over by 700", """{"figures":[1.50]}""", "llm"),
            Notice = Notice(NotificationKind.Escalated),
            CureNotice = Notice(NotificationKind.Cured),
            Acknowledgement = new Acknowledgement("ann", "bob", "on it \u6f22", Disposition.WaiverRequested, "dlv_1", 1, Samples.Noon),
            Deliveries = [new PastDelivery("dlv_0", 1), new PastDelivery("dlv_1", 2)],
            DeliveryCount = 2,
        };

        Assert.Equal(Shape.Of(alert), Shape.Of(AlertJson.Read(AlertJson.Write(alert))));
    }

    [Fact]
    public void An_alert_stored_by_the_first_version_stays_readable()
    {
        var alert = AlertJson.Read(InFormat1);

        Assert.Equal((7L, "Rates/EMEA", AlertStatus.PendingDelivery, 2), (alert.Version, alert.Desk, alert.Status, alert.DeliveryCount));
        Assert.Equal(new EpisodeKey(RiskMetric.GrossDelta, "intraday", "standard"), alert.Episode.Key);
        Assert.Equal((79228162514264337593543950335m, -1700.00000000000000000000000001m), (alert.Episode.Value, alert.Episode.PeakValue));
        Assert.Equal((CureReason.LimitChanged, Severity.Critical), (alert.Episode.CureReason, alert.Episode.Severity));
        Assert.Equal((17L, 99L), (alert.Episode.Cause.Source!.Value.File, alert.Episode.Cause.Delivery!.Value.Offset));
        Assert.Equal([new PastDelivery("dlv_1", 1)], alert.Deliveries);
        Assert.Null(alert.NextAttemptAt);
    }

    [Fact]
    public void An_alert_of_a_newer_program_is_refused_with_the_remedy()
    {
        var error = Assert.Throws<InvalidDataException>(() => AlertJson.Read(InFormat1.Replace("\"v\":1", "\"v\":2")));
        Assert.Contains("run the version that wrote it", error.Message);
    }

    private static Notification Notice(NotificationKind kind) =>
        new("dlv_1", kind, 2, """{"type":"risk.alert"}""", true, Samples.Noon, 3, true, Samples.Noon.AddSeconds(30), Samples.Noon, "503");
}
