namespace RiskMonitor.Risk.Journal;

/// <summary>
/// The stored state of a desk cannot be read, and an operator has to repair it. A problem that may pass, such as a locked file or a time limit, is
/// reported in another way.
/// </summary>
/// <param name="problem">Which part, and what is wrong with it; names no file.</param>
public sealed class DeskUnreadableException(string desk, string problem, Exception? inner = null)
    : Exception($"desk '{desk}' cannot be read: {problem}", inner)
{
    public string Desk { get; } = desk;

    public string Problem { get; } = problem;
}
