using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>The body of an acknowledgement; all of it may be left out.</summary>
internal sealed record AckBody(string? DeliveryId, string? AckedBy, string? Comment, string? Disposition, string? PayloadSha256)
{
    /// <summary>Far above what the fields may hold together.</summary>
    public const int MostBytes = 64 * 1024;

    private static readonly string[] s_fields = ["delivery_id", "acked_by", "comment", "disposition", "payload_sha256"];
    private const int MostDepth = 4;
    private const int MostProblems = 10;

    /// <summary>Reads it strictly: an ack whose disposition was misspelt must not be taken for one without.</summary>
    /// <exception cref="RequestException">It is not what it must be.</exception>
    public static AckBody Read(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<RequestBody>().Bytes;
        if (body.IsEmpty)
        {
            return new AckBody(null, null, null, null, null);
        }

        using var json = JsonText.Parse(body, MostDepth, "send an object, or nothing", s_fields);
        return Read(json.RootElement);
    }

    private static AckBody Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw RequestException.Invalid("body", "is not a JSON object; send one, or nothing", s_fields);
        }

        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        var problems = new List<InputProblem>();
        foreach (var (name, value) in JsonText.Properties(root))
        {
            if (problems.Count == MostProblems)
            {
                problems.Add(new InputProblem("body", "has more problems of these kinds", null));
                break;
            }

            if (!s_fields.Contains(name, StringComparer.Ordinal))
            {
                problems.Add(new InputProblem(ToolArguments.Quoted(name), $"is not known here; known are {string.Join(", ", s_fields)}", s_fields));
            }
            else if (!TryGetText(value, out var text))
            {
                problems.Add(new InputProblem(name, "must be a string of Unicode text, or left out", null));
            }
            else if (!values.TryAdd(name, text))
            {
                problems.Add(new InputProblem(name, "is given more than once; give it once", null));
            }
        }

        return problems.Count > 0
            ? throw RequestException.Invalid(problems)
            : new AckBody(
                values.GetValueOrDefault("delivery_id"),
                values.GetValueOrDefault("acked_by"),
                values.GetValueOrDefault("comment"),
                values.GetValueOrDefault("disposition"),
                values.GetValueOrDefault("payload_sha256"));
    }

    private static bool TryGetText(JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            return false;
        }

        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape: JSON by its grammar, and no text.
            return false;
        }
    }
}
