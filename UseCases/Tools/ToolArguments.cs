using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Figures;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Tools;

/// <summary>The arguments of a tool call, read strictly, because a misspelt argument that is silently ignored would lead to an answer to another question.</summary>
public sealed class ToolArguments : IInputValues
{
    private const int MostQuotedChars = 80;
    private const int MostProblems = 10;

    /// <summary>Far above what any name, cursor or question needs.</summary>
    private const int MostTextChars = 4000;

    public const int MostTexts = 100;

    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _empty = new(StringComparer.Ordinal);

    private ToolArguments()
    {
    }

    /// <summary>Reads them against what the tool takes; a null is an argument left out.</summary>
    /// <exception cref="RequestException">One is missing, unknown or of another kind; all of it is in the details.</exception>
    public static ToolArguments Read(IEnumerable<KeyValuePair<string, JsonElement>>? given, IReadOnlyList<InputParameter> known)
    {
        var arguments = new ToolArguments();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var problems = (given ?? [])
            .Select(argument => arguments.Read(argument.Key, argument.Value, known, isNew: seen.Add(argument.Key)))
            .OfType<InputProblem>()
            .Take(MostProblems + 1)
            .ToList();
        problems.AddRange(known
            .Where(parameter => parameter.IsRequired && !arguments._values.ContainsKey(parameter.Name) && problems.All(problem => problem.Field != parameter.Name))
            .Select(parameter => new InputProblem(parameter.Name, $"is missing; {parameter.Description}", parameter.Allowed)));
        if (problems.Count > MostProblems)
        {
            problems = [.. problems.Take(MostProblems), new InputProblem("arguments", "have more problems of these kinds", null)];
        }

        return problems.Count == 0 ? arguments : throw RequestException.Invalid(problems);
    }

    /// <returns>Null when not given.</returns>
    public string? Text(string name) => _values.TryGetValue(name, out var value) ? value.GetString() : null;

    /// <returns>Null when not given.</returns>
    public IReadOnlyList<string>? Texts(string name) => _values.TryGetValue(name, out var value) ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : null;

    /// <summary>The arguments that were given as null.</summary>
    public IReadOnlyCollection<string> Empty => _empty;

    /// <summary>An amount, as it was written.</summary>
    /// <returns>Null when not given.</returns>
    public string? Amount(string name) => _values.TryGetValue(name, out var value) ? value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.GetString() : null;

    /// <returns>Null when not given.</returns>
    public decimal? Decimal(string name) => Amount(name) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    /// <returns>Null when not given.</returns>
    public int? Whole(string name) => _values.TryGetValue(name, out var value) ? WholeNumber.Of(value) : null;

    /// <returns>Null when not given.</returns>
    public bool? Flag(string name) => _values.TryGetValue(name, out var value) ? value.GetBoolean() : null;

    /// <returns>The problem of the argument; null if it is valid.</returns>
    private InputProblem? Read(string name, JsonElement value, IReadOnlyList<InputParameter> known, bool isNew)
    {
        if (known.FirstOrDefault(parameter => parameter.Name == name) is not { } parameter)
        {
            return Unknown(name, [.. known.Select(other => other.Name)]);
        }

        if (!isNew)
        {
            return new InputProblem(name, "is given more than once; give it once", null);
        }

        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            _empty.Add(name);
            return null;
        }

        if (Problem(parameter, value) is { } problem)
        {
            return new InputProblem(name, problem, parameter.Allowed);
        }

        _values[name] = value;
        return null;
    }

    private static InputProblem Unknown(string name, IReadOnlyList<string> known)
    {
        var near = NearestNames.To(name, known, 1);
        return new InputProblem(
            Quoted(name),
            near.Count > 0 ? $"is not known here; did you mean {near[0]}?" : $"is not known here; known are {string.Join(", ", known)}",
            known);
    }

    private static string? Problem(InputParameter parameter, JsonElement value) => parameter.Kind switch
    {
        ParameterKind.Whole => WholeNumber.Of(value) is not null ? null : $"is {Quoted(value)}; give a whole number",
        ParameterKind.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"is {Quoted(value)}; give true or false",
        ParameterKind.Texts => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is > 0 and <= MostTexts
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && IsText(item) && item.GetString() is { Length: > 0 and <= MostTextChars })
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"is {Quoted(value)}; give a list of 1 to {MostTexts} texts, such as [\"a\", \"b\"]"),
        ParameterKind.Amount when value.ValueKind == JsonValueKind.Number => Amounts.TryParse(value.GetRawText(), mayHaveExponent: true, out _) ? null : $"is {Quoted(value)}; give an amount of at most 28 digits",
        ParameterKind.Amount => value.ValueKind == JsonValueKind.String && IsText(value) && Amounts.TryParse(value.GetString()!, mayHaveExponent: true, out _)
            ? null
            : $"is {Quoted(value)}; give an amount such as 2500000 or \"1250.50\", without separators",
        _ when value.ValueKind != JsonValueKind.String || !IsText(value) => $"is {Quoted(value)}; give a string of Unicode text",
        _ when value.GetString()!.Length > MostTextChars => string.Create(CultureInfo.InvariantCulture, $"has {value.GetString()!.Length} characters; give at most {MostTextChars}"),
        _ when value.GetString()!.Length == 0 => "is empty; give it a value or leave it out",
        _ when parameter.Allowed?.Contains(value.GetString(), StringComparer.Ordinal) == false => $"is {Quoted(value)}; give one of {string.Join(", ", parameter.Allowed)}",
        _ => null,
    };

    /// <summary>Half a surrogate pair, written as an escape, is JSON by its grammar, and no text.</summary>
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Quoted(JsonElement value) => Quoted(value.GetRawText());

    /// <summary>An error does not repeat a megabyte.</summary>
    public static string Quoted(string text) => text.Length <= MostQuotedChars ? text : $"{text[..MostQuotedChars]}…";
}
