namespace Orleans.Offline.Copying;

/// <summary>Copies values of one declared type.</summary>
internal abstract class TypeCopier<T>
{
    private static TypeCopier<T>? s_instance;

    internal static TypeCopier<T> Instance => s_instance ??= (TypeCopier<T>)TypeCopiers.Create(typeof(T));

    /// <summary>Whether values are passed as they are.</summary>
    internal virtual bool IsShared => false;

    internal abstract T Copy(T value, CopyContext context);

    /// <summary>Copies a member or an element; called by generated code.</summary>
    internal static T CopyMember(T value, CopyContext context)
    {
        var copier = Instance;
        return copier.IsShared || value is null ? value : copier.Copy(value, context);
    }
}
