using System.Globalization;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Demo.Story;

/// <summary>Prints what the monitor does, a line at a time, as it happens: trades in summary, every step of every alert with its latency.</summary>
public sealed class ConsoleStory(StoryChannel events, ILimitStore limits, TimeProvider clock, TextWriter output, Ink ink)
{
    private static readonly TimeSpan s_summaryEvery = TimeSpan.FromSeconds(2);
    private const int LabelWidth = 8;
    private const int SentenceLength = 150;

    /// <summary>What a revision's latencies count from: the commit that opened it, or the judgement that escalated it.</summary>
    private readonly Dictionary<(Guid AlertId, int Revision), DateTimeOffset> _since = [];
    private readonly Dictionary<string, StoryEvent.Traded> _moved = new(StringComparer.Ordinal);
    private int _trades;
    private DateTimeOffset _summarisedAt = clock.GetUtcNow();

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = clock.GetUtcNow();
        await foreach (var next in events.ReadAllAsync(cancellationToken))
        {
            switch (next)
            {
                case StoryEvent.Traded traded when traded.At >= begun:
                    _trades += traded.Changes;
                    _moved[traded.Desk] = traded;
                    if (clock.GetUtcNow() - _summarisedAt >= s_summaryEvery)
                    {
                        await SummariseAsync(cancellationToken);
                    }

                    break;
                case StoryEvent.AlertMoved moved when Line(moved.Alert, moved.Step) is { } line:
                    await output.SayAsync($"{line}");
                    break;
            }
        }
    }

    private async Task SummariseAsync(CancellationToken cancellationToken)
    {
        var rows = new LimitSet(0, AlertingScope.Default, await limits.ListAsync(cancellationToken));
        var now = clock.GetUtcNow();
        var (fullest, used) = _moved.Values
            .Select(traded => (traded, Used: Utilisation.Of(
                traded.Totals.Net,
                rows.Effective(traded.Desk, RiskMetric.NetDelta, rows.Alerting.Profile, rows.Alerting.Horizon, now)).Ratio))
            .MaxBy(pair => pair.Used ?? -1);
        var limit = used is { } ratio ? string.Create(CultureInfo.InvariantCulture, $" ({ratio:P0} of its limit)") : "";
        var moved = ink.Faint(
            $"{Time(now)}  {Count(_trades, "trade")} · {Count(_moved.Count, "desk")} moved · {Name(fullest.Desk)} {Amount(fullest.Totals.Net)}{limit}");
        await output.SayAsync($"{moved}");
        _trades = 0;
        _moved.Clear();
        _summarisedAt = now;
    }

    private TerminalText? Line(Alert alert, AlertEvent step)
    {
        var (episode, desk) = (alert.Episode, Name(alert.Desk));
        var label = step.Kind switch
        {
            "opened" => ink.Red($"{"BREACH",-LabelWidth}"),
            "escalated" => ink.Red($"{"WORSE",-LabelWidth}"),
            "cured" => ink.Green($"{"CURED",-LabelWidth}"),
            _ => TerminalText.Of($"{"",-LabelWidth}"),
        };
        TerminalText? text = step.Kind switch
        {
            "opened" or "escalated" => Breach(alert),
            "cured" => TerminalText.Of(
                $"{ink.Bold($"{desk}")}: {episode.Key.Metric.Name()} is back at {Amount(episode.Key.Metric.Of(alert.Report.Context.Totals))} {Units.Beside(alert.Report.Unit)} after {Duration((episode.CuredAt ?? step.At) - episode.OpenedAt)}"),
            "analysed" => TerminalText.Of($"{desk}: {ink.Bold($"analysed")} by {step.Detail}: {LastSentence(alert.Analysis?.Text ?? "")}"),
            "delivered" => TerminalText.Of(
                $"{desk}: {ink.Bold($"delivered")} {(SaysCured(alert, step) ? NotificationKind.Cured : alert.Notice!.Kind).TypeName()}, signed, to the risk manager's webhook"),
            "attempt_failed" => ink.Yellow($"{desk}: not delivered, will be tried again: {step.Detail}"),
            "dead_letter" => ink.Red($"{desk}: gave up delivering: {step.Detail}"),
            // Who came in, and not only whom that one named.
            "acknowledged" when alert.Acknowledgement is { } ack => TerminalText.Of(
                $"{desk}: {ink.Blue($"acknowledged")} by {ack.By}{(ack.OnBehalfOf is null ? "" : $" for {Name(ack.OnBehalfOf)}")}: {ack.Disposition?.Name() ?? "seen"}{(ack.Comment is null ? "" : $" — {Name(ack.Comment)}")}"),
            _ => null,
        };
        return text is null ? null : TerminalText.Of($"{Time(step.At)}  {label}  {text.Value}{Latency(alert, step)}");
    }

    private TerminalText Breach(Alert alert)
    {
        var episode = alert.Episode;
        var over = Math.Abs(episode.Value) - episode.Threshold;
        var share = episode.Threshold == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {over / episode.Threshold:P0}");
        return TerminalText.Of(
            $"{ink.Bold($"{Name(alert.Desk)}")}: {episode.Key.Metric.Name()} {ink.Bold($"{Amount(episode.Value)}")} {Units.Beside(episode.Unit)}, limit {Amount(episode.Threshold)}, over by {Amount(over)}{share}: {ink.Red($"{episode.Severity.Name()}")}");
    }

    /// <summary>How long after the commit; nothing for what has no commit of its own.</summary>
    private TerminalText Latency(Alert alert, AlertEvent step)
    {
        var key = (alert.AlertId, step.Revision);
        switch (step.Kind)
        {
            case "opened":
                _since[key] = alert.Receipt.Committed?.CommittedAt ?? alert.Receipt.DetectedAt;
                break;
            case "escalated":
                _since[key] = alert.Report.DetectedAt;
                break;
            case "cured":
            case "delivered" when SaysCured(alert, step):
                return default;
        }

        if (!_since.TryGetValue(key, out var since))
        {
            return default;
        }

        if (step.Kind is "acknowledged" or "dead_letter")
        {
            _since.Remove(key);
        }

        return ink.Faint($"  +{Duration(step.At - since)}");
    }

    private static bool SaysCured(Alert alert, AlertEvent step) =>
        alert.Notice is null || (alert.CureNotice is { } cured && step.Detail.Contains(cured.DeliveryId, StringComparison.Ordinal));

    /// <summary>An analysis ends with what to do.</summary>
    private static string LastSentence(string text)
    {
        var start = text.LastIndexOf(". ", StringComparison.Ordinal);
        var sentence = start < 0 ? text : text[(start + 2)..];
        return sentence.Length <= SentenceLength ? sentence : $"{sentence[..SentenceLength]}…";
    }

    /// <summary>Of others: in quotes, so that it cannot be taken for the story's own words.</summary>
    private static string Name(string text) => VisibleText.Quoted(text);

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static string Amount(decimal amount) => amount.ToString("N0", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");

    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
