using System.Buffers.Text;
using System.Security.Cryptography;

namespace RiskMonitor.Risk.Access;

/// <summary>A key that identifies a program: <c>rmk_&lt;key id&gt;_&lt;secret&gt;</c>. The id may be shown, the secret only once.</summary>
public sealed class ApiKey
{
    public const string Prefix = "rmk_";

    private const int IdBytes = 8;
    private const int SecretBytes = 32;
    private const int IdChars = 2 * IdBytes;
    private const int SecretChars = 43;

    private readonly byte[] _secret;

    private ApiKey(string id, byte[] secret)
    {
        Id = id;
        _secret = secret;
    }

    /// <summary>16 hex digits.</summary>
    public string Id { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>A new one, of 256 random bits.</summary>
    public static ApiKey New() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <returns>Null for a text that is no key.</returns>
    public static ApiKey? Parse(string text)
    {
        if (text.Length != Prefix.Length + IdChars + 1 + SecretChars || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdChars] != '_')
        {
            return null;
        }

        var id = text.Substring(Prefix.Length, IdChars);
        Span<byte> secret = stackalloc byte[SecretBytes];
        return id.All(char.IsAsciiHexDigitLower) && TryDecode(text.AsSpan(Prefix.Length + IdChars + 1), secret) ? new ApiKey(id, secret.ToArray()) : null;
    }

    /// <summary>The whole key. Show it only to the user for whom it was made.</summary>
    public string Reveal() => $"{Prefix}{Id}_{Base64Url.EncodeToString(_secret)}";

    /// <summary>Without the secret, so that no log shows it by accident.</summary>
    public override string ToString() => $"{Prefix}{Id}_…";

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> secret) =>
        Base64Url.IsValid(text, out var length) && length == SecretBytes && Base64Url.TryDecodeFromChars(text, secret, out var written) && written == SecretBytes;
}
