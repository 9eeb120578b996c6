using System.Globalization;

namespace RiskMonitor.UseCases.Asking.Reading.Quantities;

/// <summary>A bound that a question sets.</summary>
/// <param name="Operator">One of &gt;, &gt;=, &lt;, &lt;=, =.</param>
/// <param name="IsShare">A share of a limit; 0.8 for 80 %.</param>
/// <param name="Currency">ISO 4217, where it is written.</param>
public sealed record Bound(string Operator, decimal Value, bool IsShare, string? Currency, string Written)
{
    public Bound Not() => this with
    {
        Operator = Operator switch
        {
            ">" => "<=",
            ">=" => "<",
            "<" => ">=",
            "<=" => ">",
            _ => "!=",
        },
    };

    public bool Holds(decimal figure) => Operator switch
    {
        ">" => figure > Value,
        ">=" => figure >= Value,
        "<" => figure < Value,
        "<=" => figure <= Value,
        "!=" => figure != Value,
        _ => figure == Value,
    };

    public string Condition(string field) => string.Create(CultureInfo.InvariantCulture, $"{field} {Operator} {Value / 1.0000000000000000000000000000m}");
}

/// <summary>How long a breach has been open, at least or at most.</summary>
public sealed record Age(bool IsMore, TimeSpan Length, string Written);
