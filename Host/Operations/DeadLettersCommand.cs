using System.Globalization;
using System.Text;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows the messages that could not be read.</summary>
internal sealed class DeadLettersCommand(IDeadLetterStore letters, TextWriter output)
{
    private const int PayloadShown = 200;

    public async Task ListAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var top = arguments["--top"] is { } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new UsageException($"--top is '{text}'; give a number from 1 on")
            : 50;
        var total = await letters.CountAsync(cancellationToken);
        var shown = await letters.ListAsync(top, cancellationToken);
        foreach (var letter in shown)
        {
            await output.SayAsync($"{AlertDocument.Time(letter.At)}  {letter.Delivery}  {(letter.PositionId is null ? "" : $"position {letter.PositionId}: ")}{letter.Reason}");
            await output.SayAsync($"    {Shown(letter.Payload)}");
        }

        await output.WriteLineAsync(total == 0 ? "no dead letters: every message could be read" : $"{shown.Count} of {total} dead letters");
    }

    /// <summary>The beginning of the payload.</summary>
    private static string Shown(ReadOnlyMemory<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return "(no value)";
        }

        var text = Encoding.UTF8.GetString(payload.Span[..Math.Min(payload.Length, PayloadShown)]);
        return payload.Length > PayloadShown ? $"{text}… ({payload.Length} bytes)" : text;
    }
}
