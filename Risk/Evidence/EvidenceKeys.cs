using System.Security.Cryptography;

namespace RiskMonitor.Risk.Evidence;

/// <summary>
/// The secret keys of the chains of evidence. With a key, who may write the database cannot make a chain anew. A chain has one key from its first entry to its last: its name
/// ends with a dot and the id of the key. A chain without such an end has none.
/// </summary>
public sealed class EvidenceKeys
{
    public static readonly EvidenceKeys None = new(null, []);

    private const int IdChars = 8;
    private const int LeastKeyBytes = 32;

    private readonly Dictionary<string, byte[]> _keys;

    /// <param name="current">Of the chains that this process writes; null: they have none.</param>
    /// <param name="previous">Of chains that were written before.</param>
    public EvidenceKeys(byte[]? current, IEnumerable<byte[]> previous)
    {
        CurrentId = current is null ? null : IdOf(current);
        _keys = (current is null ? previous : previous.Prepend(current)).DistinctBy(IdOf).ToDictionary(IdOf, StringComparer.Ordinal);
    }

    /// <summary>Of the chains that this process writes; null: they have no key.</summary>
    public string? CurrentId { get; }

    /// <summary>The first 8 hexadecimal digits of the key's SHA-256, from which nobody can find the key.</summary>
    public static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key))[..IdChars];

    /// <returns>The key whose base64 a text is; null where it is none, or too short.</returns>
    public static byte[]? Parse(string text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= LeastKeyBytes ? key[..length] : null;
    }

    /// <returns>The id of the key of a chain; null where the chain has none.</returns>
    public static string? IdOfChain(string chain)
    {
        var dot = chain.LastIndexOf('.');
        return dot > 0 && chain.Length - dot - 1 == IdChars ? chain[(dot + 1)..] : null;
    }

    /// <summary>The name that a chain of this process has.</summary>
    public string NameOf(string chain) => CurrentId is null ? chain : $"{chain}.{CurrentId}";

    /// <summary>The hashes of a chain can be checked.</summary>
    public bool Knows(string chain) => IdOfChain(chain) is not { } id || _keys.ContainsKey(id);

    /// <returns>The key of a chain; null where it has none.</returns>
    /// <exception cref="InvalidOperationException">The key is not known.</exception>
    public byte[]? KeyOf(string chain) => IdOfChain(chain) is not { } id ? null
        : _keys.GetValueOrDefault(id) ?? throw new InvalidOperationException($"the key {id} of chain {chain} is not known");
}
