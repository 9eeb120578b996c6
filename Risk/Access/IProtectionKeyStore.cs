namespace RiskMonitor.Risk.Access;

/// <summary>The keys that protect the console's cookies, so that every frontend can read what another one wrote.</summary>
public interface IProtectionKeyStore
{
    /// <summary>All of them, the oldest first. They are never removed.</summary>
    Task<IReadOnlyList<ProtectionKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key. Adding the same name again changes nothing.</summary>
    Task AddAsync(ProtectionKey key, CancellationToken cancellationToken);

    /// <summary>Adds the first key; changes nothing where there is one: of frontends that start at once, one makes it.</summary>
    Task AddFirstAsync(ProtectionKey key, CancellationToken cancellationToken);
}

/// <summary>An element of the key ring.</summary>
/// <param name="Name">Unique, such as <c>key-…</c> or <c>revocation-…</c>.</param>
/// <param name="Xml">As the library writes it; the key is in it.</param>
public sealed record ProtectionKey(string Name, string Xml)
{
    /// <summary>Not the key itself, which must not end in a log.</summary>
    public override string ToString() => Name;
}
