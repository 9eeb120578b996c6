namespace RiskMonitor.UseCases.Inputs;

/// <summary>
/// What a use case takes, declared once: the query parameters of its route, the arguments of its tool, their schema and the OpenAPI document follow.
/// </summary>
/// <param name="UseCase">The name of the use case, and of its tool.</param>
/// <param name="Parameters">In the order in which they are shown.</param>
/// <param name="Read">Makes the input of values that satisfy them.</param>
public sealed record UseCaseInput<TInput>(string UseCase, IReadOnlyList<InputParameter> Parameters, Func<IInputValues, TInput> Read)
{
    /// <summary>The same, where one parameter takes only certain values: those of the configuration, for example.</summary>
    public UseCaseInput<TInput> Allowing(string name, IReadOnlyList<string> values) =>
        this with { Parameters = [.. Parameters.Select(parameter => parameter.Name == name ? parameter with { Allowed = values } : parameter)] };
}

/// <summary>Parameters that several use cases share.</summary>
public static class CommonParameters
{
    public static readonly InputParameter Desk = new("desk", ParameterKind.Text, "exact name");

    public static readonly InputParameter AsOf = new("as_of", ParameterKind.Text, "RFC 3339 with zone, or a date (its close); default now");

    public static readonly InputParameter ExcludeDesks = new(Exposures.ExcludedDesks.Field, ParameterKind.Texts, "exact names");

    public static readonly InputParameter PageSize = new("page_size", ParameterKind.Whole, $"rows a page, 1 to {InputCheck.MostPageSize}; {InputCheck.DefaultPageSize} when left out");

    public static readonly InputParameter Cursor = new("cursor", ParameterKind.Text, "next_cursor, with the same filters");
}
