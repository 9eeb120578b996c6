using Orleans.Runtime;

namespace Orleans.Offline;

/// <summary>Answers with the activation of the current turn.</summary>
internal sealed class GrainContextAccessor : IGrainContextAccessor
{
    public IGrainContext GrainContext => Activation.Current!;
}
