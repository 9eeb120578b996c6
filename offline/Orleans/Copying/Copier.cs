namespace Orleans.Offline.Copying;

/// <summary>
/// Copies what crosses a grain call, so that a shared reference shows as the bug that it is between processes. What
/// nobody can change is shared.
/// </summary>
internal static class Copier
{
    internal static T Copy<T>(T value)
    {
        var copier = TypeCopier<T>.Instance;
        return copier.IsShared || value is null ? value : CopyGraph(copier, value, mustBeMarked: true);
    }

    /// <summary>Copies a state for storage, which needs no wire attributes.</summary>
    internal static T CopyState<T>(T value)
    {
        var copier = TypeCopier<T>.Instance;
        return copier.IsShared || value is null ? value : CopyGraph(copier, value, mustBeMarked: false);
    }

    private static T CopyGraph<T>(TypeCopier<T> copier, T value, bool mustBeMarked)
    {
        var context = CopyContext.Rent(mustBeMarked);
        try
        {
            return copier.Copy(value, context);
        }
        finally
        {
            context.Return();
        }
    }
}
