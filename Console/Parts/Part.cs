using Microsoft.AspNetCore.Components;
using RiskMonitor.WebConsole.Shell;
using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Parts;

/// <summary>A component that writes texts and times as its viewer reads them.</summary>
public abstract class Part : ComponentBase
{
    [Inject]
    private protected Viewer Viewer { get; set; } = default!;

    private protected TextTable Text => Viewer.Text;
}
