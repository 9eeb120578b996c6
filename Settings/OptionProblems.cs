using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace RiskMonitor.Settings;

/// <summary>
/// Gathers what is wrong with the options of one section, where bounds of single values do not say it. Each problem names key, value and remedy.
/// </summary>
/// <param name="section">The section of the configuration that the options are bound to.</param>
public sealed class OptionProblems(string section)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> All => _problems;

    /// <summary>Notes a problem, unless the value is right.</summary>
    /// <param name="remedy">What to do, such as <c>set it to 1 or more</c>.</param>
    public void Require(bool isRight, string key, object? value, string remedy)
    {
        if (!isRight)
        {
            _problems.Add(Text(section, key, value, remedy));
        }
    }

    /// <summary>Notes a problem whose text must not repeat the value, or says more than one.</summary>
    /// <param name="problem">What follows the key.</param>
    public void Add(string key, string problem) => _problems.Add($"{section}:{key} {problem}");

    /// <summary>The problems for <see cref="IValidatableObject"/>. They name no members, because their texts do.</summary>
    public IEnumerable<ValidationResult> Results() => _problems.Select(problem => new ValidationResult(problem));

    internal static string Text(string section, string key, object? value, string remedy) =>
        string.Create(CultureInfo.InvariantCulture, $"{section}:{key} is {value}; {remedy}");
}
