using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Reads JSON that others have written, and says in plain words what is wrong with it.</summary>
internal static class JsonText
{
    /// <param name="remedy">What to send instead.</param>
    /// <param name="fields">What an object may hold.</param>
    /// <exception cref="RequestException">It is no JSON, or nested deeper than <paramref name="depth"/>.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body, int depth, string remedy, IReadOnlyList<string> fields)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw RequestException.Invalid("body", $"is not UTF-8; {remedy}", fields);
        }

        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = depth });
        }
        catch (JsonException exception)
        {
            throw RequestException.Invalid(
                "body", string.Create(CultureInfo.InvariantCulture, $"is not JSON, or nested deeper than {depth} levels ({Place(body, exception)}); {remedy}"), fields);
        }
    }

    /// <summary>The names and values of an object.</summary>
    /// <exception cref="RequestException">A name is no text.</exception>
    public static IEnumerable<KeyValuePair<string, JsonElement>> Properties(JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            yield return KeyValuePair.Create(Name(property), property.Value);
        }
    }

    /// <summary>Where it stops being JSON.</summary>
    public static string Place(ReadOnlyMemory<byte> body, JsonException exception) => body.IsEmpty
        ? "it is empty"
        : string.Create(CultureInfo.InvariantCulture, $"line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}");

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape: JSON by its grammar, and no text.
            throw RequestException.Invalid("body", "has a name that is no Unicode text; write names as whole Unicode");
        }
    }
}
