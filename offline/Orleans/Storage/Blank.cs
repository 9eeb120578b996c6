using System.Runtime.CompilerServices;

namespace Orleans.Offline;

/// <summary>A state nobody has written yet.</summary>
internal static class Blank
{
    internal static T Create<T>()
    {
        var type = typeof(T);
        if (type.IsValueType || type.GetConstructor(Type.EmptyTypes) is not null)
        {
            return Activator.CreateInstance<T>();
        }

        return type.IsAbstract || type.IsArray || type == typeof(string) ? default! : (T)RuntimeHelpers.GetUninitializedObject(type);
    }
}
