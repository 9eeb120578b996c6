namespace RiskMonitor.Storage;

/// <summary>Small states of single grains, written only with the last etag.</summary>
public interface IGrainStateStore
{
    /// <returns>Null for a state never written.</returns>
    Task<StoredGrainState?> ReadAsync(string typeName, string grainKey, CancellationToken cancellationToken);

    /// <param name="etag">The etag last read or written; null: nothing is there.</param>
    /// <returns>The new etag.</returns>
    /// <exception cref="GrainStateConflictException">Another etag is stored.</exception>
    Task<string> WriteAsync(string typeName, string grainKey, byte[] payload, string? etag, CancellationToken cancellationToken);

    /// <summary>Removes the payload; the etag lives on, so that one from before never fits again. Nothing happens where nothing was written.</summary>
    /// <returns>The new etag; null where nothing was written.</returns>
    /// <exception cref="GrainStateConflictException">Another etag is stored.</exception>
    Task<string?> ClearAsync(string typeName, string grainKey, string? etag, CancellationToken cancellationToken);
}

/// <param name="Payload">Null when the state was cleared.</param>
public sealed record StoredGrainState(string ETag, byte[]? Payload);

/// <summary>Another activation wrote the state: this one must read it again.</summary>
public sealed class GrainStateConflictException(string typeName, string grainKey, string? expected, string? found)
    : Exception($"state '{typeName}' of grain '{grainKey}' has etag {found ?? "none"}, not {expected ?? "none"}: read it again")
{
    public string? ExpectedETag { get; } = expected;

    public string? StoredETag { get; } = found;
}
