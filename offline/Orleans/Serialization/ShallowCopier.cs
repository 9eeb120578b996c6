namespace Orleans.Serialization.Cloning;

/// <summary>What a registered copier derives from when values of its type need no copy.</summary>
public class ShallowCopier<T>
{
    public bool IsShallowCopyable() => true;
}
