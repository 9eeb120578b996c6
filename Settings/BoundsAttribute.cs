using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace RiskMonitor.Settings;

/// <summary>
/// The bounds of an option, for validators that <c>[OptionsValidator]</c> generates. Bounds are texts, as in a configuration, so that they fit a
/// <see cref="TimeSpan"/> as well as a number. The error names the configuration key, the value and what to set instead.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute : ValidationAttribute
{
    /// <summary>The least value.</summary>
    public string? Min { get; init; }

    /// <summary>The value must be above this one.</summary>
    public string? Above { get; init; }

    /// <summary>The greatest value.</summary>
    public string? Max { get; init; }

    /// <summary>The value must be below this one.</summary>
    public string? Below { get; init; }

    /// <summary>The value that most installations have, for the error.</summary>
    public string? Usual { get; init; }

    /// <exception cref="InvalidOperationException">The property's type has no order, or a bound is no value of it.</exception>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is null || IsWithin(value))
        {
            return ValidationResult.Success;
        }

        return new ValidationResult(OptionProblems.Text(SectionOf(validationContext.ObjectType), validationContext.MemberName!, value, $"set it {Remedy}{UsualText}"));
    }

    private string Remedy => (Min, Above, Max, Below) switch
    {
        ({ } min, null, null, null) => $"to {min} or more",
        (null, { } above, null, null) => $"above {above}",
        ({ } min, null, { } max, null) => $"from {min} to {max}",
        ({ } min, null, null, { } below) => $"from {min} to below {below}",
        (null, { } above, { } max, null) => $"above {above} and to at most {max}",
        _ => throw new InvalidOperationException("Bounds need Min or Above, and may have Max or Below"),
    };

    private string UsualText => Usual is null ? "" : $" (usual: {Usual})";

    private bool IsWithin(object value) => value switch
    {
        TimeSpan time => IsWithin(time, text => TimeSpan.Parse(text, CultureInfo.InvariantCulture)),
        int or long => IsWithin(Convert.ToInt64(value, CultureInfo.InvariantCulture), text => long.Parse(text, CultureInfo.InvariantCulture)),
        // NaN compares as less than every number, and is refused by Min and Above.
        double number => IsWithin(number, text => double.Parse(text, CultureInfo.InvariantCulture)),
        _ => throw new InvalidOperationException($"Bounds are not known for {value.GetType().Name}"),
    };

    private bool IsWithin<T>(T value, Func<string, T> parse)
        where T : IComparable<T> =>
        (Min is null || value.CompareTo(parse(Min)) >= 0)
        && (Above is null || value.CompareTo(parse(Above)) > 0)
        && (Max is null || value.CompareTo(parse(Max)) <= 0)
        && (Below is null || value.CompareTo(parse(Below)) < 0);

    private static string SectionOf(Type options) =>
        options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        ?? throw new InvalidOperationException($"{options.Name} has no constant Section that names its section of the configuration");
}
