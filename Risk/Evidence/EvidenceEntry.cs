using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RiskMonitor.Risk.Evidence;

/// <summary>One entry of a chain of evidence.</summary>
/// <param name="Sequence">1 for a chain's first entry, without gaps.</param>
/// <param name="Kind">One of <see cref="EvidenceKinds"/>.</param>
/// <param name="Subject">What it is about: the id of an alert, limit or key, the name of an endpoint, a table, or a chain.</param>
/// <param name="Ordinal">Orders the entries of one subject, whichever chain they are in: the version of its row.</param>
/// <param name="Document">A JSON object; its text is hashed as it is.</param>
/// <param name="Previous">The hash of the entry before, in hexadecimal; <see cref="NoHash"/> for a first entry.</param>
/// <param name="Hash">Of this entry.</param>
public sealed record EvidenceEntry(
    string Chain, long Sequence, DateTimeOffset At, string Kind, string Subject, long Ordinal, string Document, string Previous, string Hash)
{
    /// <summary>What the first entry of a chain names as the entry before it.</summary>
    public static readonly string NoHash = new('0', 64);

    /// <summary>The keys that this process knows.</summary>
    public EvidenceKeys Keys { get; init; } = EvidenceKeys.None;

    /// <summary>The hash that an entry of this content has: SHA-256, with a key HMAC-SHA-256, over the netstrings of its fields, in the order of the parameters.</summary>
    /// <param name="key">Of the chain; null: it has none.</param>
    public static string HashOf(string chain, long sequence, string previous, string kind, string subject, long ordinal, DateTimeOffset at, string document, byte[]? key = null)
    {
        var text = new StringBuilder(document.Length + subject.Length + 200);
        Add(text, chain);
        Add(text, sequence.ToString(CultureInfo.InvariantCulture));
        Add(text, previous);
        Add(text, kind);
        Add(text, subject);
        Add(text, ordinal.ToString(CultureInfo.InvariantCulture));
        Add(text, at.UtcTicks.ToString(CultureInfo.InvariantCulture));
        Add(text, document);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return Convert.ToHexStringLower(key is null ? SHA256.HashData(bytes) : HMACSHA256.HashData(key, bytes));
    }

    /// <summary>The chain has no key, or one that this process knows.</summary>
    public bool IsCheckable => Keys.Knows(Chain);

    /// <summary>The hash is that of the content; false also where the chain's key is not known.</summary>
    public bool IsSound => IsCheckable && Hash == HashAt(Sequence);

    /// <summary>The hash that the same content would have at another place of the chain, whose key is known.</summary>
    public string HashAt(long sequence) => HashOf(Chain, sequence, Previous, Kind, Subject, Ordinal, At, Document, Keys.KeyOf(Chain));

    private static void Add(StringBuilder text, string field) =>
        text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:").Append(field).Append(',');
}

/// <summary>The kinds of entries.</summary>
public static class EvidenceKinds
{
    /// <summary>A transition of an alert that is none of the three below.</summary>
    public const string Alert = "alert";

    public const string Ack = "ack";
    public const string Snooze = "snooze";
    public const string Assign = "assign";

    /// <summary>A delivery was prepared, an attempt began or ended, or nothing more is sent.</summary>
    public const string Delivery = "delivery";

    /// <summary>A list that told an endpoint of several alerts was stored.</summary>
    public const string AlertGroup = "alert_group";

    public const string Limit = "limit";

    /// <summary>Whose limits raise alerts, and the version of all limits.</summary>
    public const string LimitSettings = "limit_settings";

    public const string Endpoint = "endpoint";
    public const string User = "user";

    /// <summary>Rows of the audit log, written together.</summary>
    public const string Access = "access";

    /// <summary>The first entry of a chain.</summary>
    public const string Opened = "opened";

    /// <summary>The heads of other chains.</summary>
    public const string Heads = "heads";

    /// <summary>Rows were removed because they were older than the retention.</summary>
    public const string Pruned = "pruned";
}

/// <summary>The place of an entry and its hash; of the newest one, the head of the chain.</summary>
public sealed record EvidenceHead(string Chain, long Sequence, string Hash)
{
    /// <summary>As it is published and given to a command: <c>CHAIN:SEQUENCE:HASH</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Chain}:{Sequence}:{Hash}");

    /// <returns>Null for a text that <see cref="ToString"/> did not write.</returns>
    public static EvidenceHead? Parse(string text) =>
        text.Split(':') is [{ Length: > 0 } chain, var sequence, { Length: 64 } hash]
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        && hash.All(char.IsAsciiHexDigit)
            ? new EvidenceHead(chain, number, hash.ToLowerInvariant())
            : null;
}
