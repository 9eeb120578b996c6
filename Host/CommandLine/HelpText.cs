namespace RiskMonitor.Host.CommandLine;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    private const int Column = 30;

    public static string Of(Command command) => command == Command.Run ? All() : One(command);

    private static string All() => $"""
        RiskMonitor watches the risk of trading desks while trades happen.

        usage: ./run [options]             watch, with a demo book that trades by itself
               ./run --no-demo [options]   watch DIR/positions.db, your own book
        {Lines(Command.Run.Options)}

        more, also while it runs (each with --help):
        {string.Join('\n', Command.All.Where(command => command.Name.Length > 0).Select(command => $"  {Words(command),-Column}{command.Help}"))}

        Every setting is an environment variable too: RiskMonitor__Port=9000, RiskMonitor__Listen, RiskMonitor__Data=/var/risk, RiskMonitor__Demo=false,
        RiskMonitor__Webhook__Url, RiskMonitor__Webhook__Secret, RiskMonitor__Replay, and
        RiskMonitor__Limits__DefaultNetDelta=5000000, the net_delta limit of desks without their own. An option wins over a variable.
        """;

    private static string One(Command command) => $"""
        usage: {Words(command)} [options]    {command.Help}
        {Lines(command.Options)}
        """;

    private static string Words(Command command) => $"./run {command.Name}{(command.Operand is null ? "" : $" {command.Operand}")}";

    private static string Lines(IEnumerable<Option> options) =>
        string.Join('\n', options.Select(option => $"  {$"{option.Name} {option.Value}",-Column}{option.Help}"));
}
