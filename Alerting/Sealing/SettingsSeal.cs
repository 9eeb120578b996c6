using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskMonitor.Alerting.Sealing;

/// <summary>
/// Seals the settings of an endpoint with AES-256-GCM, bound to the endpoint's name, so that a copy of the database shows no secret and one endpoint's settings
/// cannot be put under another name. The stored text is <c>{"sealed":"1.KEY.NONCE.TAG.TEXT"}</c>.
/// </summary>
/// <param name="keys">Of 32 bytes each: the first seals, any opens. None: settings stay as they are.</param>
internal sealed class SettingsSeal(IReadOnlyList<byte[]> keys)
{
    /// <summary>The property of what is sealed, which no settings have.</summary>
    public const string Property = "sealed";

    private const string Version = "1";
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    public bool HasKey => keys.Count > 0;

    /// <returns>Null for what is no key.</returns>
    public static byte[]? KeyOf(string text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes ? key[..length] : null;
    }

    private static bool IsSealed(string settings) => settings.StartsWith($"{{\"{Property}\":", StringComparison.Ordinal);

    public string Seal(string endpoint, string settings)
    {
        if (!HasKey)
        {
            return settings;
        }

        var text = Encoding.UTF8.GetBytes(settings);
        var (nonce, tag, written) = (RandomNumberGenerator.GetBytes(NonceBytes), new byte[TagBytes], new byte[text.Length]);
        using var aes = new AesGcm(keys[0], TagBytes);
        aes.Encrypt(nonce, text, written, tag, Encoding.UTF8.GetBytes(endpoint));
        return $"{{\"{Property}\":\"{string.Join('.', Version, IdOf(keys[0]), Base64Url.EncodeToString(nonce), Base64Url.EncodeToString(tag), Base64Url.EncodeToString(written))}\"}}";
    }

    /// <param name="isCurrent">It is stored as <see cref="Seal"/> would store it now.</param>
    /// <exception cref="InvalidDataException">It was sealed with a key that is not here, or altered.</exception>
    public string Open(string endpoint, string stored, out bool isCurrent)
    {
        isCurrent = !HasKey;
        if (!IsSealed(stored))
        {
            return stored;
        }

        if (PartsOf(stored) is not [Version, var id, var nonce, var tag, var written])
        {
            throw new InvalidDataException($"the settings of endpoint '{endpoint}' are sealed in a form that this program does not know: run the version that wrote them, or a newer one");
        }

        var key = keys.FirstOrDefault(key => IdOf(key) == id)
            ?? throw new InvalidDataException($"the settings of endpoint '{endpoint}' are sealed with a key that is not configured ({id}): set {EndpointSettingsOptions.Section}:{nameof(EndpointSettingsOptions.Key)} or :{nameof(EndpointSettingsOptions.PreviousKey)} to it");
        isCurrent = ReferenceEquals(key, keys[0]);
        try
        {
            var sealedText = Base64Url.DecodeFromChars(written);
            var text = new byte[sealedText.Length];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(Base64Url.DecodeFromChars(nonce), sealedText, Base64Url.DecodeFromChars(tag), text, Encoding.UTF8.GetBytes(endpoint));
            return Encoding.UTF8.GetString(text);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"the sealed settings of endpoint '{endpoint}' were altered; set the endpoint again", exception);
        }
    }

    private static string[] PartsOf(string stored)
    {
        try
        {
            return ((string?)JsonNode.Parse(stored)?[Property] ?? "").Split('.');
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Names a key without telling anything of it.</summary>
    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "riskmonitor endpoint settings key"u8))[..8];
}
