namespace RiskMonitor.Risk.Journal;

/// <summary>
/// What is stored of a desk cannot be read, and will not be readable later by itself: an operator has to repair it. Trouble that may pass, such as
/// a locked file or a time limit, is no such thing.
/// </summary>
/// <param name="problem">Which part, and what is wrong with it; names no file.</param>
public sealed class DeskUnreadableException(string desk, string problem, Exception? inner = null)
    : Exception($"desk '{desk}' cannot be read: {problem}", inner)
{
    public string Desk { get; } = desk;

    public string Problem { get; } = problem;
}
