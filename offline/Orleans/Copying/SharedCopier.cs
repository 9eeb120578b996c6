namespace Orleans.Offline.Copying;

/// <summary>For values that nobody can change.</summary>
internal sealed class SharedCopier<T> : TypeCopier<T>
{
    internal override bool IsShared => true;

    internal override T Copy(T value, CopyContext context) => value;
}
