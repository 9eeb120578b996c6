using Microsoft.AspNetCore.Components;
using RiskMonitor.WebConsole.Live;

namespace RiskMonitor.WebConsole.Parts;

/// <summary>A part that sends a change. It shows <see cref="Change"/> in a <see cref="Refusal"/>.</summary>
public abstract class FormPart : Part
{
    [Inject]
    private protected ConsoleCalls Calls { get; set; } = default!;

    private protected Submission Change { get; } = new();
}
