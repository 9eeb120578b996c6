using System.Globalization;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>
/// The query parameters of a request, read strictly: a misspelt filter that is silently ignored would answer another question.
/// </summary>
internal sealed class Query : IInputValues
{
    /// <summary>Another name for <c>page_size</c>.</summary>
    public const string Limit = "limit";

    private const int MostProblems = 10;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _many = new(StringComparer.Ordinal);

    private Query()
    {
    }

    /// <exception cref="RequestException">A parameter is unknown to the route, given twice, or missing.</exception>
    public static Query Read(HttpRequest request, IReadOnlyList<InputParameter> known)
    {
        var query = new Query();
        var problems = new List<InputProblem>();
        string[] names = [.. known.SelectMany(parameter => parameter == CommonParameters.PageSize ? [parameter.Name, Limit] : new[] { parameter.Name })];
        foreach (var (name, values) in request.Query)
        {
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                problems.Add(new InputProblem(ToolArguments.Quoted(name), names.Length == 0 ? "is not known here; this route takes no parameters" : $"is not known here; known are {string.Join(", ", names)}", names));
            }
            else if (known.Any(parameter => parameter.Name == name && parameter.Kind == ParameterKind.Texts))
            {
                query._many[name] = [.. values.Select(value => value ?? "")];
            }
            else if (values.Count > 1)
            {
                problems.Add(new InputProblem(name, "is given more than once; give it once", null));
            }
            else
            {
                query._values[name] = values.ToString();
            }
        }

        problems.AddRange(known
            .Where(parameter => parameter.IsRequired && !request.Query.ContainsKey(parameter.Name))
            .Select(parameter => new InputProblem(parameter.Name, $"is missing; give it as ?{parameter.Name}=…", parameter.Allowed)));
        if (problems.Count > MostProblems)
        {
            problems = [.. problems.Take(MostProblems), new InputProblem("query", "has more problems of these kinds", null)];
        }

        return problems.Count == 0 ? query : throw RequestException.Invalid(problems);
    }

    /// <returns>Null when not given.</returns>
    /// <exception cref="RequestException">It is given without a value.</exception>
    public string? Text(string name) => _values.GetValueOrDefault(name) switch
    {
        "" => throw RequestException.Invalid(name, "is empty; give it a value or leave it out"),
        var text => text,
    };

    public string? Amount(string name) => Text(name);

    /// <summary>The same parameters and one more, from the path.</summary>
    public Query With(string name, string value)
    {
        _values[name] = value;
        return this;
    }

    /// <summary>A parameter that may be given several times.</summary>
    /// <returns>Null when not given.</returns>
    public IReadOnlyList<string>? Texts(string name) => _many.GetValueOrDefault(name) switch
    {
        null => null,
        var values when values.Contains("") => throw RequestException.Invalid(name, "is empty; give it a value or leave it out"),
        var values when values.Length > ToolArguments.MostTexts => throw RequestException.Invalid(name, string.Create(CultureInfo.InvariantCulture, $"is given {values.Length} times; give it at most {ToolArguments.MostTexts} times")),
        var values => values,
    };

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var text => throw RequestException.Invalid(name, $"is '{ToolArguments.Quoted(text)}'; give true or false", ["true", "false"]),
    };

    public int? Whole(string name) => name == CommonParameters.PageSize.Name ? PageSize() : Text(name) is { } text ? Whole(name, text) : null;

    private int? PageSize()
    {
        var (pageSize, limit) = (Text("page_size"), Text(Limit));
        return pageSize is not null && limit is not null
            ? throw RequestException.Invalid(Limit, "says the same as page_size; give only one of them")
            : pageSize is not null ? Whole("page_size", pageSize) : limit is not null ? Whole(Limit, limit) : null;
    }

    private static int Whole(string name, string text) => WholeNumber.Of(text)
        ?? throw RequestException.Invalid(name, $"is '{ToolArguments.Quoted(text)}'; give a whole number");
}
