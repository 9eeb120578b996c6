using System.Diagnostics.Metrics;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Metrics;

/// <summary>
/// Everything that <c>/metrics</c> shows beside the process's own figures (<c>process_…</c>, <c>dotnet_…</c>). The list is closed: to add an
/// instrument adds it here and in docs/contracts.md. What a caller, a row or a receiver chooses is never a label.
/// </summary>
internal static class ExportedInstruments
{
    /// <summary>The product's meter.</summary>
    public const string OwnMeter = "RiskMonitor";

    private const string Orleans = "Microsoft.Orleans";
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Runtime = "System.Runtime";
    private const double FromMilliseconds = 0.001;

    public static readonly IReadOnlyList<ExportedInstrument> All =
    [
        Own("cdc_events_total", new("op"), new("outcome")),
        Own("cdc_batch_seconds"),
        Own("cdc_apply_retries_total"),
        Own("cdc_dead_letters_total"),
        Own("cdc_last_heard_age_seconds"),
        Own("cdc_set_aside_total"),
        Own("cdc_desks_waiting"),
        Own("cdc_partitions_paused"),
        Own("cdc_partitions_unread"),
        Own("grain_call_repeats_total", new ExportedLabel("reason", "timeout", "unreachable")),
        Own("cluster_certificate_valid_seconds"),
        Own("cdc_partition_lag", new ExportedLabel("partition")),
        Own("cdc_applied_age_seconds"),
        Own("cdc_rebalances_total", new ExportedLabel("change")),
        Own("cdc_dead_letter_writes_total", new ExportedLabel("outcome")),
        Own("desks", new ExportedLabel("state")),
        Own("desks_superseded_total"),
        Own("desk_apply_seconds"),
        Own("alerts", new ExportedLabel("status")),
        Own("oldest_unacked_alert_seconds"),
        Own("alerts_opened_total", new ExportedLabel("severity", "INFO", "WARNING", "CRITICAL")),
        Own("alert_analysis_seconds", new ExportedLabel("source")),
        Own("alert_delivery_seconds") with { Buckets = ExportedBuckets.Delivery },
        Own("alert_commit_to_delivered_seconds") with { Buckets = ExportedBuckets.Delivery },
        Own("alert_stage_seconds", new ExportedLabel("stage", "ingest", "detect", "analyse", "deliver")) with { Buckets = ExportedBuckets.Delivery },
        Own("alert_dead_letters_total"),
        Own("topic_messages_total", new ExportedLabel("outcome", "published", "failed", "refused", "expired")),
        Own("topic_lag"),
        Own("topic_lag_seconds"),
        Own("alert_lists_total"),
        Own("pager_events_total", new ExportedLabel("outcome", "accepted", "repeated", "ignored", "refused", "failed")),
        Own("webhook_attempts_total", new ExportedLabel("outcome", "delivered", "refused", "timeout", "unreachable", "gone"), new ExportedLabel("kind", "webhook", "slack", "teams", "pagerduty", "email")),
        Own("endpoints", new ExportedLabel("state", "live", "left_alone", "gone", "off")),
        Own("operator_notices_total", new ExportedLabel("event", "feed_unproven", "alert_dead_letter", "alert_unacknowledged", "desk_unavailable", "limits_unreadable")),
        Own("notice_messages_total", new ExportedLabel("outcome", "delivered", "refused", "timeout", "unreachable", "gone", "given_up", "dropped")),
        Own("storage_group_writes") with { Buckets = ExportedBuckets.Size },
        Own("storage_commit_seconds") with { Buckets = ExportedBuckets.Commit },
        Own("storage_failing"),
        Own("storage_write_retries_total", new ExportedLabel("reason", "deadlock", "lock_wait", "connection")),
        Own("storage_read_wait_seconds", new ExportedLabel("pool", "activation", "look_up", "query", "upkeep")) with { Buckets = ExportedBuckets.Commit },
        Own("storage_reads_interrupted_total", new ExportedLabel("pool", "activation", "look_up", "query", "upkeep")),
        Own("evidence_entries_total", new ExportedLabel("kind", "opened", "heads", "pruned", "alert", "ack", "snooze", "assign", "delivery", "alert_group", "limit", "limit_settings", "endpoint", "user", "access")),
        Own("evidence_head_sequence", new ExportedLabel("chain")),
        Own("requests_total", Tool(), new("outcome")),
        Own("request_seconds", Tool()),
        Own("rate_limited_total", Tool()),
        Own("calls_in_flight"),
        Own("mcp_listeners"),
        Own("authentication_failures_total", new ExportedLabel("reason")),
        Own("signing_key_fetches_total", new ExportedLabel("outcome", "ok", "failed", "timeout")),
        Own("audit_dropped_total"),
        Own("market_requests_total", new ExportedLabel("outcome", "ok", "failed", "left_alone")),
        Own("market_entries_left_out_total"),
        Own("market_request_seconds"),
        Own("market_snapshot_age_seconds"),
        Own("llm_requests_total", new("purpose"), new("outcome")),
        Own("llm_tokens_total", new ExportedLabel("purpose", "ask", "analysis"), new ExportedLabel("kind", "input", "output")),
        Own("llm_cost_total", new ExportedLabel("purpose", "ask", "analysis")),
        Own("llm_seconds", new ExportedLabel("purpose", "ask", "analysis")),

        new(Orleans, "orleans-catalog-activations", "orleans_activations") { Help = "Activations of grains in memory" },
        new(Orleans, "orleans-catalog-activation-failed-to-activate", "orleans_activation_failures_total") { Help = "Grains that could not be activated" },
        new(Orleans, "orleans-app-requests-latency", "orleans_request_seconds") { Help = "Duration of a call of a grain", Scale = FromMilliseconds },
        new(Orleans, "orleans-app-requests-timedout", "orleans_request_timeouts_total") { Help = "Calls of grains without an answer in time" },
        new(Orleans, "orleans-scheduler-long-running-turns", "orleans_long_turns_total") { Help = "Turns of grains that took too long" },
        new(Orleans, "orleans-messaging-rejected", "orleans_rejected_messages_total") { Help = "Messages between grains that were rejected" },
        new(Orleans, "orleans-reminders-active", "orleans_reminders") { Help = "Reminders that this silo serves" },

        new(Kestrel, "kestrel.active_connections", "kestrel_active_connections"),
        new(Kestrel, "kestrel.rejected_connections", "kestrel_rejected_connections_total"),

        new(Runtime, "dotnet.gc.pause.time", "dotnet_gc_pause_seconds_total"),
        new(Runtime, "dotnet.gc.last_collection.memory.committed_size", "dotnet_gc_committed_bytes"),
        new(Runtime, "dotnet.thread_pool.queue.length", "dotnet_thread_pool_queue_length") { IsGauge = true },
    ];

    private static readonly Dictionary<(string Meter, string Instrument), ExportedInstrument> s_byInstrument =
        All.ToDictionary(exported => (exported.Meter, exported.Instrument));

    /// <returns>Null: it is not shown.</returns>
    public static ExportedInstrument? Find(Instrument instrument) => s_byInstrument.GetValueOrDefault((instrument.Meter.Name, instrument.Name));

    private static ExportedInstrument Own(string instrument, params ExportedLabel[] labels) => new(OwnMeter, instrument, $"riskmonitor_{instrument}", labels);

    private static ExportedLabel Tool() => new("tool", [.. UseCaseNames.All]) { MostValues = 64 };
}
