namespace RiskMonitor.Host.CommandLine;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Values">By option name; a switch has an empty value.</param>
/// <param name="Operand">The word after the command's own; null where it takes none, or help is wanted instead.</param>
internal sealed record Arguments(Command Command, bool WantsHelp, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, string? Operand)
{
    /// <exception cref="UsageException">A word is not known, comes twice, or lacks its value.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var words = args.TakeWhile(arg => !arg.StartsWith('-')).ToList();
        var (command, wantsHelp, operand) = Find(words);
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        for (var i = words.Count; i < args.Count; i++)
        {
            if (args[i] is "--help" or "-h")
            {
                wantsHelp = true;
                continue;
            }

            var (name, value) = Split(args[i]);
            var option = command.Options.FirstOrDefault(candidate => candidate.Name == name) ?? throw Unknown(command, name);
            if (option.Value is null)
            {
                value = value is null ? "" : throw new UsageException($"{name} is a switch and takes no value, not '{value}'");
            }
            else if (value is null)
            {
                value = i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                    ? args[++i]
                    : throw new UsageException($"{name} needs a value: {name} {option.Value} ({option.Help})");
            }

            if (!values.TryAdd(name, [value]))
            {
                if (!option.MayRepeat)
                {
                    throw new UsageException($"{name} is given twice; leave one out");
                }

                values[name].Add(value);
            }
        }

        if (command.Operand is not null && operand is null && !wantsHelp)
        {
            throw new UsageException($"{command.Operand} is missing: ./run {command.Name} {command.Operand}");
        }

        return new Arguments(command, wantsHelp, values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)pair.Value), operand);
    }

    public string? this[string option] => Values.GetValueOrDefault(option)?[0];

    /// <summary>Every value of an option that may be given many times.</summary>
    public IReadOnlyList<string> All(string option) => Values.GetValueOrDefault(option, []);

    /// <summary>The configuration keys that the options set.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings() =>
        from option in Command.Options
        where option.Setting is not null && Values.ContainsKey(option.Name)
        select KeyValuePair.Create(option.Setting!, option.SwitchSets ?? this[option.Name]);

    private static (Command Command, bool WantsHelp, string? Operand) Find(List<string> words)
    {
        if (words is ["help"])
        {
            return (Command.Run, true, null);
        }

        if (words is ["limits"] or ["users"])
        {
            words = [words[0], "list"];
        }

        if (words is ["desks"])
        {
            words = ["desks", "check"];
        }

        var name = string.Join(' ', words);
        if (Command.All.FirstOrDefault(command => command.Name == name) is { } found)
        {
            return (found, false, null);
        }

        var beforeLast = string.Join(' ', words.SkipLast(1));
        return Command.All.FirstOrDefault(command => command.Operand is not null && command.Name == beforeLast) is { } taking
            ? (taking, false, words[^1])
            : throw new UsageException($"'{name}' is not a command{NearestWord.Hint(name, Command.All.Select(command => command.Name))}");
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static UsageException Unknown(Command command, string word) => new(word.StartsWith('-')
        ? $"'{word}' is not an option{NearestWord.Hint(word, command.Options.Select(option => option.Name))}"
        : $"'{word}' is one word too many; options start with --, and a value with blanks needs quotes");
}
