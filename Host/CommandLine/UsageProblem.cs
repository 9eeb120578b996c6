using System.CommandLine;
using System.CommandLine.Parsing;

namespace RiskMonitor.Host.CommandLine;

/// <summary>
/// Says what is wrong with a command line and what to change. The library finds the fault; the text is ours, because the library's texts name neither
/// the value that an option needs nor, in one line, the word that was probably meant.
/// </summary>
internal static class UsageProblem
{
    /// <returns>Null: nothing is wrong, or only help or the version is wanted.</returns>
    public static string? Of(ParseResult arguments, IReadOnlyList<string> args)
    {
        if (arguments.Action is { ClearsParseErrors: true })
        {
            return null;
        }

        var command = arguments.CommandResult.Command;
        return Given(arguments.CommandResult).Select(option => Of(option, command, args)).FirstOrDefault(problem => problem is not null)
            ?? OfOperand(arguments.CommandResult, args)
            ?? OfUnmatched(arguments, args)
            ?? arguments.Errors.Select(error => error.Message).FirstOrDefault();
    }

    private static IEnumerable<OptionResult> Given(CommandResult command) =>
        (command.Parent is CommandResult parent ? Given(parent) : []).Concat(command.Children.OfType<OptionResult>().Where(option => !option.Implicit));

    private static string? Of(OptionResult given, Command command, IReadOnlyList<string> args)
    {
        var option = given.Option;
        if (!command.Options.Contains(option) && !option.Recursive)
        {
            return $"'{option.Name}' is not an option of {RiskMonitorCommand.PathOf(command)}; leave it out (--help shows what there is)";
        }

        // The library takes an unknown option for a value; as a word of its own it is more likely a mistake, such as --data --nodemo.
        var isWithoutValue = given.Tokens.Count == 0 || given.Tokens.Any(token => token.Value.StartsWith("--", StringComparison.Ordinal) && args.Contains(token.Value));
        return isWithoutValue && option.Arity.MinimumNumberOfValues > 0
            ? $"{option.Name} needs a value: {option.Name} {option.HelpName} ({option.Description})"
            : given.IdentifierTokenCount > 1 && option.Arity.MaximumNumberOfValues <= 1
                ? $"{option.Name} is given twice; leave one out"
            : null;
    }

    private static string? OfUnmatched(ParseResult arguments, IReadOnlyList<string> args)
    {
        var command = arguments.CommandResult.Command;
        if (arguments.UnmatchedTokens is not [var word, ..])
        {
            return null;
        }

        if (word.StartsWith('-'))
        {
            return NotAnOption(word, command);
        }

        if (command.Options.FirstOrDefault(option => args.Contains($"{option.Name}={word}")) is { } valued)
        {
            return $"{valued.Name} is a switch and takes no value, not '{word}'";
        }

        var words = LeadingWords(args);
        if (command.Subcommands.Count > 0 && words.Contains(word))
        {
            var typed = string.Join(' ', words);
            return $"'{typed}' is not a command{NearestWord.Hint(typed, Names(RiskMonitorCommand.Root, ""))}";
        }

        return $"'{word}' is one word too many; options start with --, and a value with blanks needs quotes";
    }

    /// <summary>A command's operand comes directly after its name: elsewhere it is more likely a part of a value that lost its quotes.</summary>
    private static string? OfOperand(CommandResult command, IReadOnlyList<string> args)
    {
        if (command.Command.Arguments is not [var operand])
        {
            return null;
        }

        var word = command.GetResult(operand)?.Tokens.FirstOrDefault()?.Value;
        return word?.StartsWith('-') == true ? NotAnOption(word, command.Command)
            : word is null || !LeadingWords(args).Contains(word) ? $"{operand.Name} is missing: {RiskMonitorCommand.PathOf(command.Command)} {operand.Name}"
            : null;
    }

    private static string NotAnOption(string word, Command command)
    {
        var name = word.Split('=')[0];
        return $"'{name}' is not an option{NearestWord.Hint(name, command.Options.Select(option => option.Name))}";
    }

    private static List<string> LeadingWords(IReadOnlyList<string> args) => [.. args.TakeWhile(arg => !arg.StartsWith('-'))];

    private static IEnumerable<string> Names(Command command, string prefix) =>
        command.Subcommands.SelectMany(sub => Names(sub, $"{prefix}{sub.Name} ").Prepend($"{prefix}{sub.Name}"));
}
