using Orleans;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>
/// The stored state of a desk cannot be read, so the desk refuses changes and reads until an operator has repaired it. Calls that are repeated
/// before that fail at once.
/// </summary>
[GenerateSerializer]
[Alias("RiskMonitor.DeskUnavailableException")]
public sealed class DeskUnavailableException : Exception
{
    /// <param name="reason">Which part cannot be read, and what is wrong with it; names no file.</param>
    public DeskUnavailableException(string desk, string reason)
        : base($"desk '{desk}' is unavailable: {reason}")
    {
        Desk = desk;
        Reason = reason;
    }

    [Id(0)]
    public string Desk { get; private set; }

    [Id(1)]
    public string Reason { get; private set; }
}
