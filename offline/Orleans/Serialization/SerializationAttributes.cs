namespace Orleans;

/// <summary>Marks a type that may cross a grain call; its members carry <see cref="IdAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    private bool? _includePrimaryConstructorParameters;

    public GenerateFieldIds GenerateFieldIds { get; init; }

    /// <summary>Whether primary constructor parameters are members without an id of their own: the default for records.</summary>
    public bool IncludePrimaryConstructorParameters
    {
        get => _includePrimaryConstructorParameters ?? false;
        init => _includePrimaryConstructorParameters = value;
    }

    internal bool? IncludesPrimaryConstructorParameters => _includePrimaryConstructorParameters;
}

/// <summary>Which members get an id without asking for one.</summary>
public enum GenerateFieldIds
{
    None,
    PublicProperties,
}

/// <summary>The number of a member on the wire.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    public uint Id { get; } = id;
}

/// <summary>The name of a type or a method on the wire.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method | AttributeTargets.Interface, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}

/// <summary>Promises that nobody changes the value after it was passed: it is shared, not copied.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.ReturnValue, Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>Marks an <see cref="IConverter{TValue, TSurrogate}"/> for use on the wire.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class RegisterConverterAttribute : Attribute;

/// <summary>Marks a copier, here a <see cref="Serialization.Cloning.ShallowCopier{T}"/>, for its type.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegisterCopierAttribute : Attribute;

/// <summary>Leaves members out of the wire format while they have their default values.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class OmitDefaultMemberValuesAttribute : Attribute;

/// <summary>Leaves the identity of repeated references out of the wire format.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class SuppressReferenceTrackingAttribute : Attribute;

/// <summary>Gives one method its own response timeout.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);
}
