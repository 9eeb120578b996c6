using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>
/// Where the next page begins: base64url of a fingerprint of the question and the last row's key. A cursor only fits the question that it came from.
/// </summary>
public sealed class Cursor
{
    private const int FingerprintBytes = 8;

    private readonly byte[] _fingerprint;

    /// <param name="tool">The list.</param>
    /// <param name="filters">All that decides which rows it has and in which order, but not the size of its pages.</param>
    public Cursor(string tool, params string?[] filters) =>
        _fingerprint = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes<string?[]>([tool, .. filters]))[..FingerprintBytes];

    public string After(params string[] key) => Base64Url.EncodeToString([.. _fingerprint, .. JsonSerializer.SerializeToUtf8Bytes(key)]);

    /// <summary>The key that a cursor was made of.</summary>
    /// <param name="parts">How many parts the key has.</param>
    /// <exception cref="RequestException">The cursor is not from this question.</exception>
    public string[]? Read(string? cursor, int parts)
    {
        if (cursor is null)
        {
            return null;
        }

        if (Base64Url.IsValid(cursor)
            && Base64Url.DecodeFromChars(cursor) is var bytes
            && bytes.AsSpan().StartsWith(_fingerprint)
            && Key(bytes.AsSpan(FingerprintBytes)) is { } key
            && key.Length == parts
            && !key.Contains(null))
        {
            return key;
        }

        throw Wrong();
    }

    public static RequestException Wrong() =>
        RequestException.Invalid("cursor", "does not belong to this question; send next_cursor back as it came, with the same filters and order, or leave it out to begin anew");

    private static string[]? Key(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
