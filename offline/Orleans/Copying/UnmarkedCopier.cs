using Orleans.Serialization;

namespace Orleans.Offline.Copying;

/// <summary>For types without wire attributes: refuses them on a call, as the serializer would, and copies them for storage.</summary>
internal sealed class UnmarkedCopier<T>(TypeCopier<T> members) : TypeCopier<T>
{
    internal override T Copy(T value, CopyContext context) => context.MustBeMarked
        ? throw new CodecNotFoundException($"Could not find a copier for type {typeof(T)}. It needs [GenerateSerializer] with an [Id] on each member, or a registered converter.")
        : members.Copy(value, context);
}
