namespace Orleans.Runtime;

/// <summary>The identity of one activation of a grain.</summary>
[Immutable]
public readonly record struct ActivationId
{
    private readonly Guid _key;

    private ActivationId(Guid key) => _key = key;

    public bool IsDefault => _key == Guid.Empty;

    public static ActivationId NewId() => new(Guid.NewGuid());

    public override string ToString() => $"@{_key:N}";
}
