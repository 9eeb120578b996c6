using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>Carries the activation into its service scope, so that services made there can ask for it.</summary>
internal sealed class ScopedGrainContext
{
    internal IGrainContext? Context { get; set; }
}
