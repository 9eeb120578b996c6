using System.CommandLine;
using System.Data.Common;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Host.Operations;

/// <summary>What a sub-command works with.</summary>
/// <param name="Database">The stores of the data directory.</param>
/// <param name="Data">Full path of the data directory.</param>
internal sealed record Operation(ParseResult Arguments, IConfiguration Configuration, MonitorDatabase Database, string Data)
{
    public TextWriter Output => Arguments.InvocationConfiguration.Output;

    /// <summary>A sub-command on a data directory, whether or not a monitor runs on it.</summary>
    /// <param name="mayCreate">Whether the directory may be new; otherwise one without data is an error.</param>
    /// <param name="operand">What to call the word that has to follow the command's name.</param>
    public static Command Command(
        string name, string description, IEnumerable<Option> options, Func<Operation, CancellationToken, Task> act, bool mayCreate = false, Argument<string>? operand = null)
    {
        var command = new Command(name, description);
        if (operand is not null)
        {
            command.Add(operand);
        }

        foreach (var option in options.Prepend(Setting.Data.Option))
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, act, mayCreate, cancellationToken));
        return command;
    }

    /// <exception cref="UsageException">The data directory has no data, or cannot be used: an operator can do nothing with a stack trace of a full disk.</exception>
    private static async Task RunAsync(ParseResult arguments, Func<Operation, CancellationToken, Task> act, bool mayCreate, CancellationToken cancellationToken)
    {
        var configuration = CommandRunner.Configuration(arguments, []);
        var data = HostSettings.DataDirectory(configuration);
        try
        {
            await using var database = await MonitorDatabase.OpenAsync(configuration, data, mayCreate, cancellationToken);
            await act(new Operation(arguments, configuration, database, data), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or DbException or UnauthorizedAccessException)
        {
            var reason = exception.GetBaseException().Message;
            throw new UsageException($"the data directory cannot be used just now ({reason}): look for free space, rights, and programs that hold riskmonitor.db locked; nothing was changed unless the list of it says so", UsageException.NotPossible);
        }
    }
}
