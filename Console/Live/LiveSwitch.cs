namespace RiskMonitor.WebConsole.Live;

/// <summary>Whether the views of one browser tab follow what happens, or stand still to be read.</summary>
internal sealed class LiveSwitch
{
    /// <summary>Raised when it was switched.</summary>
    public event Action? Changed;

    public bool IsPaused { get; private set; }

    public void Toggle()
    {
        IsPaused = !IsPaused;
        Changed?.Invoke();
    }
}
