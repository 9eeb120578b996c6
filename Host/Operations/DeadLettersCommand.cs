using System.CommandLine;
using System.Text;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows the messages that could not be read.</summary>
internal sealed class DeadLettersCommand(IDeadLetterStore letters, TextWriter output)
{
    private const int DefaultTop = 50;
    private const int PayloadShown = 200;

    private static readonly Option<int?> s_top = CommandOption.Count("--top", DefaultTop);

    public static Command Create() => Operation.Command(
        "dead-letters",
        "show the messages that could not be read, newest first",
        [s_top],
        (operation, cancellationToken) => new DeadLettersCommand(operation.Database.Get<IDeadLetterStore>(), operation.Output).ListAsync(operation.Arguments, cancellationToken));

    public async Task ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var total = await letters.CountAsync(cancellationToken);
        var shown = await letters.ListAsync(arguments.GetValue(s_top) ?? DefaultTop, cancellationToken);
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
