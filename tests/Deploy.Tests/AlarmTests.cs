using System.Text;
using System.Text.RegularExpressions;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests;

/// <summary>Every alarm rings for what it is for and is silent a moment before: Prometheus' own evaluation of the rules, over series that go from good to bad.</summary>
public sealed partial class AlarmTests
{
    private const string Backup = """kube_cronjob_created{namespace="a", cronjob="riskmonitor-backup"}""";
    private const string LastCopy = """kube_cronjob_status_last_successful_time{namespace="a", cronjob="riskmonitor-backup"}""";
    private const string FailedJob = """{namespace="a", job_name="riskmonitor-backup-1"} => _x40 36000x60""";
    private const string OwnedJob = """kube_job_owner{namespace="a", job_name="riskmonitor-backup-1", owner_kind="CronJob", owner_name="riskmonitor-backup"} => 1x100""";

    /// <summary>Series are good for 40 steps, and bad for 60 more: a step is 15 s, and for copies of the database 15 min.</summary>
    public static readonly TheoryData<string, string[]> Alarms = new()
    {
        { "FeedSilent", ["""riskmonitor_cdc_last_heard_age_seconds{partition="0"} => 29x100""", """riskmonitor_cdc_last_heard_age_seconds{partition="1"} => 30x40 31x60"""] },
        { "FeedSilent", ["riskmonitor_cdc_last_heard_age_seconds => 1x40 _x60"] },
        { "PartitionsUnread", ["riskmonitor_cdc_partitions_unread => 0x40 1x60"] },
        { "FeedBehind", ["""riskmonitor_cdc_partition_lag{partition="0"} => 5000x100""", """riskmonitor_cdc_partition_lag{partition="1"} => 5000x40 5001x60"""] },
        { "DesksDoNotTakeChanges", ["riskmonitor_cdc_apply_retries_total => 7x40 7+1x60"] },
        { "UnreadableChanges", ["riskmonitor_cdc_dead_letters_total => 7x40 8x20 9x40"] },
        { "DeskCannotBeRead", ["""riskmonitor_desks{state="live"} => 9x100""", """riskmonitor_desks{state="unavailable"} => 0x40 1x60"""] },
        { "FeedUnproven", ["""riskmonitor_operator_notices_total{event="feed_unproven"} => 0x40 1x60"""] },
        { "ChangesSetAside", ["riskmonitor_cdc_set_aside_total => 0x40 1x60"] },
        { "DeskFallsBehind", ["riskmonitor_cdc_desks_waiting => 0x40 1x60"] },
        { "PartitionsPaused", ["riskmonitor_cdc_partitions_paused => 0x40 1x60"] },
        { "LimitsCannotBeRead", ["""riskmonitor_operator_notices_total{event="limits_unreadable"} => 0x40 1x60"""] },
        { "AlertsNotPublished", ["riskmonitor_topic_lag_seconds => 60x40 61x60"] },
        { "AlertReachedNobody", ["""riskmonitor_alerts{status="dead_letter"} => 0x40 1x60"""] },
        { "AlertsWaitForDelivery", ["""riskmonitor_alerts{status="pending_delivery"} => 0x40 1x60"""] },
        { "AlertsWaitForAnalysis", ["""riskmonitor_alerts{status="pending_analysis"} => 0x40 1x60"""] },
        { "EscalationEnded", ["""riskmonitor_operator_notices_total{event="alert_unacknowledged"} => 0x40 1x20 2x40"""] },
        { "NobodyAcknowledges", ["riskmonitor_oldest_unacked_alert_seconds => 900x40 901x60"] },
        { "AlertsComeLate", ["""riskmonitor_alert_commit_to_delivered_seconds_bucket{le="5"} => 0+9x40 360x60""", """riskmonitor_alert_commit_to_delivered_seconds_bucket{le="+Inf"} => 0+9x100""", """riskmonitor_alert_commit_to_delivered_seconds_bucket{le="10"} => 0+9x100"""] },
        { "AuditLogHasGaps", ["riskmonitor_audit_dropped_total => 0x40 1x60"] },
        { "SiloMissing", ["""up{job="riskmonitor-silo", instance="a"} => 1x100""", """up{job="riskmonitor-silo", instance="b"} => 1x40 0x60"""] },
        { "SiloMissing", ["""up{job="riskmonitor-silo", instance="a"} => 1x40 _x60""", """up{job="riskmonitor-silo", instance="b"} => 1x40 _x60"""] },
        { "NoIngest", ["""up{job="riskmonitor-ingest"} => 1x40 0x60"""] },
        { "NoIngest", ["""up{job="riskmonitor-ingest"} => 1x40 _x60"""] },
        { "NoFrontend", ["""up{job="riskmonitor-frontend"} => 1x40 0x60"""] },
        { "NoFrontend", ["""up{job="riskmonitor-frontend"} => 1x40 _x60"""] },
        { "StorageFailing", ["""riskmonitor_storage_failing{instance="a"} => 0x100""", """riskmonitor_storage_failing{instance="b"} => 0x40 1x60"""] },
        { "SlowCommits", ["""riskmonitor_storage_commit_seconds_bucket{le="0.5"} => 0+9x40 360x60""", """riskmonitor_storage_commit_seconds_bucket{le="1"} => 0+9x100""", """riskmonitor_storage_commit_seconds_bucket{le="+Inf"} => 0+9x100"""] },
        { "CertificateEnds", ["""riskmonitor_cluster_certificate_valid_seconds{instance="a"} => 700000x100""", """riskmonitor_cluster_certificate_valid_seconds{instance="b"} => 604800x40 604799x60"""] },
        { "GrainCallsTimeOut", ["""orleans_request_timeouts_total{job="riskmonitor-ingest", instance="a"} => 0x40 0+1x60"""] },
        // The last copy is of 6:00, and nine hours are over at 15:00.
        { "BackupMissing", [$"{Backup} => 0x100", $"{LastCopy} => 21600x100"] },
        { "BackupMissing", [$"{Backup} => 0x100"] },
        { "BackupMissing", [$"{Backup} => 0x40 _x60", $"{LastCopy} => 21600x40 _x60"] },
        { "BackupFailed", [$"{Backup} => 0x100", $"{LastCopy} => 21600x100", $"kube_job_status_start_time{FailedJob}", OwnedJob, """kube_job_failed{namespace="a", job_name="riskmonitor-backup-1", condition="true"} => 0x40 1x60"""] },
        { "BackupFailed", [$"{Backup} => 0x100", $"kube_job_status_start_time{FailedJob}", OwnedJob, """kube_job_failed{namespace="a", job_name="riskmonitor-backup-1", condition="true"} => 0x40 1x60"""] },
    };

    [TheoryWithProgram("promtool", "prometheus")]
    [MemberData(nameof(Alarms))]
    public async Task An_alarm_rings_for_what_it_is_for(string alarm, string[] series) => await CheckAsync(alarm, series, rings: true);

    [TheoryWithProgram("promtool", "prometheus")]
    // A copy that succeeded later, a Job of somebody else, and one that succeeded at its second attempt.
    [InlineData("BackupFailed", Backup + " => 0x100", LastCopy + " => 21600x40 50000x60", "kube_job_status_start_time" + FailedJob, OwnedJob, """kube_job_failed{namespace="a", job_name="riskmonitor-backup-1", condition="true"} => 0x40 1x60""")]
    [InlineData("BackupFailed", Backup + " => 0x100", LastCopy + " => 21600x100", "kube_job_status_start_time" + FailedJob, """kube_job_failed{namespace="a", job_name="riskmonitor-backup-1", condition="true"} => 0x40 1x60""")]
    [InlineData("BackupFailed", Backup + " => 0x100", LastCopy + " => 21600x100", "kube_job_status_start_time" + FailedJob, OwnedJob, """kube_job_failed{namespace="a", job_name="riskmonitor-backup-1", condition="true"} => 0x100""")]
    // A copy every six hours.
    [InlineData("BackupMissing", Backup + " => 0x100", LastCopy + " => 0x24 21600x24 43200x24 64800x24")]
    // A counter that a process begins anew, and all silos there.
    [InlineData("UnreadableChanges", "riskmonitor_cdc_dead_letters_total => 7x40 0x60")]
    [InlineData("SiloMissing", """up{job="riskmonitor-silo", instance="a"} => 1x100""", """up{job="riskmonitor-silo", instance="b"} => 1x100""")]
    public async Task An_alarm_is_silent_for_what_is_none(string alarm, params string[] series) => await CheckAsync(alarm, series, rings: false);

    [Fact]
    public void Every_alarm_is_tried()
    {
        var alarms = new[] { "alerts.yml", "backups.yml" }.SelectMany(file => Alert().Matches(File.ReadAllText(Path.Combine(ComposeFile.Root, "deploy/prometheus", file)))).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(alarms.Order(), Alarms.Select(row => row.Data.Item1).Distinct().Order());
    }

    private static async Task CheckAsync(string alarm, string[] series, bool rings)
    {
        var isOfCopies = alarm.StartsWith("Backup", StringComparison.Ordinal);
        var step = isOfCopies ? TimeSpan.FromMinutes(15) : TimeSpan.FromSeconds(15);
        var firing = $$"""max(ALERTS{alertname="{{alarm}}", alertstate="firing"})""";
        var test = new StringBuilder($"""
            rule_files: ['{Path.Combine(ComposeFile.Root, "deploy/prometheus", isOfCopies ? "backups.yml" : "alerts.yml")}']
            evaluation_interval: {(isOfCopies ? "15m" : "15s")}
            tests:
              - interval: {step.TotalSeconds}s
                input_series:

            """);
        foreach (var parts in series.Select(one => one.Split(" => ")))
        {
            test.Append($"      - {{series: '{parts[0]}', values: '{parts[1]}'}}\n");
        }

        test.Append($"""
                promql_expr_test:
                  - expr: '{firing}'
                    eval_time: {36 * step.TotalSeconds}s
                  - expr: '{firing}'
                    eval_time: {95 * step.TotalSeconds}s
            {(rings ? "        exp_samples: [{labels: '{}', value: 1}]" : "")}
            """);

        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("test.yml"), test.ToString(), TestContext.Current.CancellationToken);
        Assert.Contains("SUCCESS", await Kustomize.RunAsync("promtool", ["test", "rules", folder.File("test.yml")]));
    }

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();
}
