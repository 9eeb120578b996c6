namespace Orleans.Concurrency;

/// <summary>A value that is shared with the callee, not copied.</summary>
[Immutable]
public readonly struct Immutable<T>(T value)
{
    public readonly T Value = value;
}
