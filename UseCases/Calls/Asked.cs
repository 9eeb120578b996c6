using System.Text.Json;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// What the audit log keeps of a question, bounded and escaped: the names of its arguments and the desk, no other values; for what is not there,
/// the name that was asked for.
/// </summary>
public sealed record Asked(string Arguments, string? Desk)
{
    public static readonly Asked Nothing = new("", null);

    private const int MostChars = 200;

    public static Asked Of(IEnumerable<string> arguments, string? desk) => new(Bounded(string.Join(' ', arguments)), desk is null ? null : Bounded(desk));

    public static Asked Of(IEnumerable<KeyValuePair<string, JsonElement>>? arguments) => Of(
        arguments?.Select(argument => argument.Key) ?? [],
        arguments?.FirstOrDefault(argument => argument.Key == "desk") is { Value.ValueKind: JsonValueKind.String } desk ? desk.Value.GetString() : null);

    private static string Bounded(string text) => VisibleText.Escaped(text.Length <= MostChars ? text : text[..MostChars] + "…");
}
