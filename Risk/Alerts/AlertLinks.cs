using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RiskMonitor.Risk.Alerts;

/// <summary>
/// Links in messages for people: to the alert's page, and to the page that acknowledges it. A link is signed, and bound to alert, revision, delivery and
/// endpoint, so that it opens this alert only and acknowledges what its message said only.
/// </summary>
/// <param name="publicUrl">How people's browsers reach the frontend; null: messages carry no links.</param>
/// <param name="key">Signs the links; null: messages carry no acknowledge links, and their links need credentials.</param>
/// <param name="lifetime">How long a link works, counted from the message.</param>
public sealed class AlertLinks(Uri? publicUrl, byte[]? key, TimeSpan lifetime)
{
    public const int LeastKeyBytes = 32;

    /// <summary>The query parameter that carries the token.</summary>
    public const string TokenParameter = "t";

    public static readonly AlertLinks None = new(null, null, TimeSpan.Zero);

    private const string Version = "1";
    private const string GroupVersion = "g1";
    private const string Invalid = "this link is not valid; open the one in the message again, whole, or ask an operator";

    /// <summary>The page of an alert; null without a public address.</summary>
    public Uri? PageOf(OutgoingMessage message) => publicUrl is null ? null : With(message, $"alerts/{message.AlertId:D}");

    /// <summary>The page that acknowledges the message; null where links cannot be signed, or there is nothing to acknowledge.</summary>
    public Uri? AckOf(OutgoingMessage message) =>
        publicUrl is null || key is null || message.Kind == NotificationKind.Cured ? null : With(message, $"alerts/{message.AlertId:D}/ack");

    /// <summary>The page of a list, which shows its alerts and acknowledges them; null where links cannot be signed.</summary>
    public Uri? PageOf(AlertGroup group) => publicUrl is null || key is null ? null : With($"alerts/groups/{group.GroupId}", TokenOf(group));

    /// <summary>When links in a message of this time end.</summary>
    public DateTimeOffset EndOf(DateTimeOffset createdAt) => createdAt + lifetime;

    /// <summary>Signs a token; retries of a message get the same one.</summary>
    public string? TokenOf(OutgoingMessage message)
    {
        if (key is null)
        {
            return null;
        }

        var expires = EndOf(message.CreatedAt).ToUnixTimeSeconds();
        var (revision, delivery, endpoint) = (message.Revision, message.DeliveryId, message.Endpoint);
        // The endpoint's name may contain dots, so it comes last.
        return string.Create(CultureInfo.InvariantCulture, $"{Version}.{expires}.{revision}.{delivery}.{MacOf(key, message.AlertId, expires, revision, delivery, endpoint)}.{endpoint}");
    }

    /// <summary>Reads a token for an alert.</summary>
    /// <param name="problem">What is wrong with it, for its holder; null where it is right.</param>
    /// <returns>Null where it is no token of ours for this alert, or has expired.</returns>
    public AlertLink? Read(Guid alertId, string? token, DateTimeOffset now, out string? problem)
    {
        var parts = token?.Split('.', 6) ?? [];
        if (key is null
            || parts is not [Version, var at, var number, var delivery, var mac, var endpoint]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            || !IsMac(mac, MacOf(key, alertId, expires, revision, delivery, endpoint)))
        {
            problem = Invalid;
            return null;
        }

        problem = now.ToUnixTimeSeconds() > expires ? "this link has expired; open that of a newer message, or acknowledge with your credentials" : null;
        return problem is null ? new AlertLink(alertId, revision, delivery, endpoint) : null;
    }

    /// <summary>Reads the token of a list's page.</summary>
    /// <param name="problem">What is wrong with it, for its holder; null where it is right.</param>
    /// <returns>The endpoint that got the list; null where it is no token of ours for this list, or has expired.</returns>
    public string? ReadGroup(string groupId, string? token, DateTimeOffset now, out string? problem)
    {
        var parts = token?.Split('.', 4) ?? [];
        if (key is null
            || parts is not [GroupVersion, var at, var mac, var endpoint]
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            || !IsMac(mac, MacOf(key, groupId, expires, endpoint)))
        {
            problem = Invalid;
            return null;
        }

        problem = now.ToUnixTimeSeconds() > expires ? "this link has expired; acknowledge with your credentials" : null;
        return problem is null ? endpoint : null;
    }

    private string TokenOf(AlertGroup group)
    {
        var expires = group.ExpiresAt.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{GroupVersion}.{expires}.{MacOf(key!, group.GroupId, expires, group.Endpoint)}.{group.Endpoint}");
    }

    private Uri With(OutgoingMessage message, string path) => With(path, TokenOf(message));

    private Uri With(string path, string? token)
    {
        var builder = new UriBuilder(publicUrl!) { Query = token is null ? "" : $"{TokenParameter}={Uri.EscapeDataString(token)}" };
        builder.Path = $"{builder.Path.TrimEnd('/')}/{path}";
        return builder.Uri;
    }

    private static string MacOf(byte[] key, Guid alertId, long expires, int revision, string delivery, string endpoint) =>
        Mac(key, string.Create(CultureInfo.InvariantCulture, $"alert-link/{alertId:D}/{expires}/{revision}/{delivery}/{endpoint}"));

    private static string MacOf(byte[] key, string groupId, long expires, string endpoint) =>
        Mac(key, string.Create(CultureInfo.InvariantCulture, $"alert-group/{groupId}/{expires}/{endpoint}"));

    private static string Mac(byte[] key, string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private static bool IsMac(string sent, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
}

/// <summary>What a genuine link says.</summary>
public sealed record AlertLink(Guid AlertId, int Revision, string DeliveryId, string Endpoint);
