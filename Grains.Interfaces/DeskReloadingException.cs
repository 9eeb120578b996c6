using Orleans;

namespace RiskMonitor.Grains.Interfaces;

/// <summary>
/// A desk could not write its journal, so it loads the journal again. Repeat the call: what the desk had made durable is not applied twice.
/// </summary>
[GenerateSerializer]
[Alias("RiskMonitor.DeskReloadingException")]
public sealed class DeskReloadingException : Exception
{
    public DeskReloadingException(string desk, Exception cause)
        : base($"desk '{desk}' could not write its journal and loads it again; repeat the call ({cause.Message})", cause)
    {
        Desk = desk;
    }

    [Id(0)]
    public string Desk { get; private set; }
}
