using System.Buffers.Text;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>
/// Reads the lines of a file as messages. A line of exactly the shape that kcat prints, in ASCII, is read in one pass that resolves its escapes; every other
/// line goes to <see cref="ReplayLine"/>, which parses it as JSON and says what is wrong with it. Both make the same message of a line.
/// </summary>
/// <param name="ofTheFile">The topic of lines that do not say where they were delivered.</param>
internal sealed class ReplayMessages(string ofTheFile, Func<string, string> intern)
{
    /// <summary>An offset of fewer digits fits a long.</summary>
    private const int MostDigits = 18;

    private byte[] _beginning = [];
    private FeedPartition _partition;

    /// <summary>Where the bytes of messages are kept; as long as it keeps them, the messages can be read.</summary>
    public BatchRoom Room { get; set; } = new(messages: 0);

    public FeedMessage Read(ReadOnlySpan<byte> line, long number)
    {
        if (line.StartsWith(_beginning) && _beginning.Length > 0 && TryRead(line, out var message))
        {
            return message;
        }

        message = ReplayLine.Read(line, number, ofTheFile, intern);
        if (message.Problem is null && message.Delivery.FeedPartition != _partition)
        {
            _partition = message.Delivery.FeedPartition;
            _beginning = ReplayDeliveries.Beginning(_partition);
        }

        return message;
    }

    /// <returns>False for a line of another shape.</returns>
    private bool TryRead(ReadOnlySpan<byte> line, out FeedMessage message)
    {
        message = default;
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return false;
        }

        var rest = line[_beginning.Length..];
        if (!TryNumber(ref rest, out var offset) || !TryPassBeside(ref rest)
            || !TrySkip(ref rest, ",\"key\":"u8) || !TryText(ref rest, out var key)
            || !TrySkip(ref rest, ",\"payload\":"u8) || !TryText(ref rest, out var payload)
            || rest is not [(byte)'}'])
        {
            return false;
        }

        message = new FeedMessage(new Delivery(_partition.Topic, _partition.Partition, offset), key ?? default, payload ?? default, payload is not null);
        return true;
    }

    /// <summary>Passes over what is not needed: <c>"tstype":"create","ts":1,"broker":1</c>, each once or not at all.</summary>
    private static bool TryPassBeside(ref ReadOnlySpan<byte> rest)
    {
        if (TrySkip(ref rest, ",\"tstype\":\""u8))
        {
            var length = rest.IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0 || rest[length] != '"')
            {
                return false;
            }

            rest = rest[(length + 1)..];
        }

        return (!TrySkip(ref rest, ",\"ts\":"u8) || TryNumber(ref rest, out _)) && (!TrySkip(ref rest, ",\"broker\":"u8) || TryNumber(ref rest, out _));
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> rest, out long number)
    {
        var isNumber = Utf8Parser.TryParse(rest, out number, out var length) && length <= MostDigits && rest[0] is >= (byte)'0' and <= (byte)'9'
            && (rest[0] != '0' || length == 1);
        rest = isNumber ? rest[length..] : rest;
        return isNumber && rest is [(byte)',', ..];
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> expected)
    {
        var isExpected = rest.StartsWith(expected);
        rest = isExpected ? rest[expected.Length..] : rest;
        return isExpected;
    }

    /// <summary>Reads a text, or null.</summary>
    /// <returns>False where it has other escapes than those of quotes, slashes and backslashes, or no end.</returns>
    private bool TryText(ref ReadOnlySpan<byte> rest, out ReadOnlyMemory<byte>? text)
    {
        text = null;
        if (TrySkip(ref rest, "null"u8))
        {
            return true;
        }

        if (rest is not [(byte)'"', .. var escaped]
            || !EscapedText.TryResolve(escaped, Room.Reserve(escaped.Length + EscapedText.Spare), out var read, out var written))
        {
            return false;
        }

        rest = escaped[(read + 1)..];
        text = Room.Keep(written);
        return true;
    }
}
