using System.CommandLine;
using System.Globalization;

namespace RiskMonitor.Host.CommandLine;

/// <summary>The kinds of options that the commands have.</summary>
internal static class CommandOption
{
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="fallback">The default that the help shows.</param>
    public static Option<string> Text(string name, string valueName, string description, string? fallback = null)
    {
        var option = new Option<string>(name) { HelpName = valueName, Description = description, Arity = ArgumentArity.ExactlyOne };
        if (fallback is not null)
        {
            option.DefaultValueFactory = _ => fallback;
        }

        return option;
    }

    /// <summary>An option without a value.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option that may be given many times, each time with one value.</summary>
    public static Option<string[]> Repeatable(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description, Arity = ArgumentArity.OneOrMore };

    /// <param name="parse">Null: the value cannot be read.</param>
    /// <param name="remedy">What the error tells to give instead.</param>
    public static Option<T?> Parsed<T>(string name, string valueName, string description, Func<string, T?> parse, string remedy)
        where T : struct => new(name)
        {
            HelpName = valueName,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                var value = parse(text);
                if (value is null)
                {
                    result.AddError($"{name} is '{text}'; give {remedy}");
                }

                return value;
            },
        };

    /// <summary>How many rows a command shows.</summary>
    public static Option<int?> Count(string name, int fallback) => Parsed<int>(
        name,
        "N",
        string.Create(CultureInfo.InvariantCulture, $"at most so many (default {fallback})"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null,
        "a number from 1 on");

    /// <summary>Whether the option was given.</summary>
    public static bool Has(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };
}
