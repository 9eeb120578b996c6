namespace Orleans.Runtime;

/// <summary>The context of the grain whose turn it is.</summary>
public interface IGrainContextAccessor
{
    IGrainContext GrainContext { get; }
}
