namespace RiskMonitor.Host.CommandLine;

/// <summary>An option of a command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What to call its value in the help; null: a switch.</param>
/// <param name="Setting">The configuration key that it sets, if it sets one.</param>
/// <param name="SwitchSets">What a switch sets its key to.</param>
/// <param name="MayRepeat">It may be given more than once, each time with another value.</param>
internal sealed record Option(string Name, string? Value, string Help, string? Setting = null, string? SwitchSets = null, bool MayRepeat = false);
