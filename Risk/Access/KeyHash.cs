using System.Buffers.Text;
using System.Security.Cryptography;

namespace RiskMonitor.Risk.Access;

/// <summary>
/// The stored part of an API key: its id, a salt, and HMAC-SHA256 of the secret under the salt. The secret has 256 random bits, so it cannot be guessed,
/// and a slow password hash would only slow every request.
/// </summary>
public sealed class KeyHash
{
    private const int SaltBytes = 16;

    /// <summary>Compared against where a key id is unknown, so that an unknown id takes as long as a wrong secret.</summary>
    public static readonly KeyHash Unmatched = Of(ApiKey.New());

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private KeyHash(string keyId, byte[] salt, byte[] hash)
    {
        KeyId = keyId;
        _salt = salt;
        _hash = hash;
    }

    public string KeyId { get; }

    public static KeyHash Of(ApiKey key)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new KeyHash(key.Id, salt, HMACSHA256.HashData(salt, key.Secret));
    }

    /// <returns>Null for a text that <see cref="ToString"/> did not write.</returns>
    public static KeyHash? Parse(string text) =>
        text.Split('.') is [{ Length: 16 } id, var salt, var hash]
        && id.All(char.IsAsciiHexDigitLower)
        && Bytes(salt, SaltBytes) is { } saltBytes
        && Bytes(hash, HMACSHA256.HashSizeInBytes) is { } hashBytes
            ? new KeyHash(id, saltBytes, hashBytes)
            : null;

    /// <summary>Whether the hash is that of the key. The comparison takes the same time wherever they differ.</summary>
    public bool IsOf(ApiKey key)
    {
        Span<byte> presented = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_salt, key.Secret, presented);
        return CryptographicOperations.FixedTimeEquals(presented, _hash);
    }

    /// <summary>As it is stored: <c>&lt;key id&gt;.&lt;salt&gt;.&lt;hash&gt;</c>, the last two in base64url.</summary>
    public override string ToString() => $"{KeyId}.{Base64Url.EncodeToString(_salt)}.{Base64Url.EncodeToString(_hash)}";

    private static byte[]? Bytes(string text, int length) => Base64Url.IsValid(text, out var decoded) && decoded == length ? Base64Url.DecodeFromChars(text) : null;
}
