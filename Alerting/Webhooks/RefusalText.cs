using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace RiskMonitor.Alerting.Webhooks;

/// <summary>
/// What a receiver says for a reason, as one short line: it is the receiver's text, and it ends in histories, logs and terminals. At most a few
/// kilobytes are read, and at most a few come out of what is compressed.
/// </summary>
internal static class RefusalText
{
    private const int MostReadBytes = 16 * 1024;
    private const int MostTextBytes = 4 * 1024;
    private const int MostLineChars = 300;
    private const int MostBeginningBytes = 1024;
    private const int MostEncodings = 2;

    /// <summary>Reads the beginning of a body. What cannot be decoded is named, not shown.</summary>
    public static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostReadBytes];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var encodings = content.Headers.ContentEncoding.Where(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)).ToList();
        var wanted = encodings.Count == 0 ? MostTextBytes : MostReadBytes;
        var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
        var bytes = buffer.AsMemory(0, length).ToArray();
        if (encodings.Count > MostEncodings)
        {
            return "(a body in too many encodings)";
        }

        // The last encoding named was applied last.
        foreach (var encoding in encodings.AsEnumerable().Reverse())
        {
            if (Decoded(bytes, encoding.ToLowerInvariant()) is not { } decoded)
            {
                return $"(a body in the encoding '{encoding}', which could not be read)";
            }

            bytes = decoded;
        }

        return CharsetOf(content.Headers.ContentType).GetString(bytes);
    }

    /// <summary>One line of at most 300 characters. What would break it, or change how it looks unseen, is escaped.</summary>
    public static string Line(string text) => Line(text, line => line.Length >= MostLineChars);

    /// <summary>The first kilobyte of an answer, as one line with the same escapes.</summary>
    public static string Beginning(string text)
    {
        var bytes = 0;
        var counted = 0;
        return Line(text, line =>
        {
            while (counted < line.Length)
            {
                bytes += line[counted] < 0x80 ? 1 : line[counted] < 0x800 ? 2 : char.IsSurrogate(line[counted]) ? 2 : 3;
                counted++;
            }

            return bytes >= MostBeginningBytes - 12;
        });
    }

    private static string Line(string text, Func<StringBuilder, bool> isFull)
    {
        var line = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (isFull(line))
            {
                line.Append('…');
                break;
            }

            if (rune.Value is '\r' or '\n' or '\t')
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (IsHidden(rune))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                line.Append(rune);
            }
        }

        return line.ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <returns>Null where nothing could be read.</returns>
    private static byte[]? Decoded(byte[] bytes, string encoding) => encoding switch
    {
        "gzip" or "x-gzip" => Inflated(bytes, raw => new GZipStream(raw, CompressionMode.Decompress)),
        "br" => Inflated(bytes, raw => new BrotliStream(raw, CompressionMode.Decompress)),
        // What HTTP calls deflate is zlib; some send the raw form.
        "deflate" => Inflated(bytes, raw => new ZLibStream(raw, CompressionMode.Decompress))
            ?? Inflated(bytes, raw => new DeflateStream(raw, CompressionMode.Decompress)),
        _ => null,
    };

    private static byte[]? Inflated(byte[] bytes, Func<Stream, Stream> open)
    {
        var buffer = new byte[MostTextBytes];
        var length = 0;
        try
        {
            using var raw = new MemoryStream(bytes);
            using var stream = open(raw);
            int read;
            while (length < buffer.Length && (read = stream.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or InvalidOperationException)
        {
            // A body that was cut, by us or by the receiver, ends like this; what was read before is a reason still.
        }

        return length == 0 && bytes.Length > 0 ? null : buffer[..length];
    }

    private static Encoding CharsetOf(MediaTypeHeaderValue? type)
    {
        try
        {
            return type?.CharSet is { Length: > 0 } charset ? Encoding.GetEncoding(charset.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
