using RiskMonitor.Risk.Alerts;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Limits;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers about alerts and limits.</summary>
public sealed partial class AnswerComposer
{
    public Task<AnswerDraft> AlertsAsync()
    {
        var span = (reading.OpenedFrom, reading.OpenedTo) switch
        {
            ({ } from, { } to) => ($", opened from {AlertDocument.Time(from)} to {AlertDocument.Time(to)}", $"，{AlertDocument.Time(from)} 至 {AlertDocument.Time(to)} 开始"),
            ({ } from, null) => ($", opened from {AlertDocument.Time(from)} on", $"，自 {AlertDocument.Time(from)} 开始"),
            (null, { } to) => ($", opened before {AlertDocument.Time(to)}", $"，{AlertDocument.Time(to)} 之前开始"),
            _ => ("", ""),
        };
        var severity = reading.Severity is { } only ? $"{only} " : "";
        var state = reading.IsCuredOnly ? ("ended ", "已结束") : reading.IsOpenOnly ? ("open ", "未结束") : ("", "");
        var status = reading.Status is { } name ? $", {name}" : "";
        return ListAsync(
            QueryAlerts.Tool,
            (text, answer, desk) => ListText.Alerts(text, answer, desk, reading.IsOpenOnly),
            $"{severity}{state.Item1}alerts of {NamesOrAll}{status}{span.Item1}",
            $"{NamesOrAll} 的{severity}{state.Item2}告警{status}{span.Item2}",
            ("breach_state", reading.IsCuredOnly ? "cured" : reading.IsOpenOnly ? "open" : null),
            ("severity", reading.Severity),
            ("status", reading.Status),
            ("opened_from", reading.OpenedFrom is { } begin ? AlertDocument.Time(begin) : null),
            ("opened_to", reading.OpenedTo is { } end ? AlertDocument.Time(end) : null),
            reading.Desks.Count == 0 ? Excluded : ("exclude_desks", null),
            ("page_size", reading.Count ?? 10));
    }

    public async Task<AnswerDraft> OneAlertAsync()
    {
        var answer = await CallAsync(GetAlert.Tool, ("alert_id", reading.AlertId!.Value.ToString("D")));
        var text = NewConclusion();
        if (answer is { } found)
        {
            var row = ListText.Alert(text, found["alert"]);
            text.Write($"{row}.", $"{row}。");
        }

        return Complete(text, $"alert {reading.AlertId:D}", $"告警 {reading.AlertId:D}");
    }

    public async Task<AnswerDraft> LimitsAsync()
    {
        if (reading.AsOf is null)
        {
            return await ListAsync(
                GetLimits.Tool,
                ListText.Limits,
                reading.Desks.Count == 0 ? "the limits" : $"the limits of {Names}",
                reading.Desks.Count == 0 ? "限额" : $"{Names} 的限额",
                ("horizon", reading.Horizon));
        }

        if (reading.Desks.Count == 0)
        {
            return await DesksAsync(ListText.Overview, "the limits", "限额");
        }

        // get_limits returns the current table only; the past of a desk contains the limits that were in force.
        var answers = await DeskExposuresAsync();
        var text = NewConclusion();
        foreach (var answer in answers)
        {
            DeskText.PastLimits(text, answer);
        }

        return Complete(text, $"the limits of {Names}{When}", $"{Names} 的限额{When}");
    }
}
