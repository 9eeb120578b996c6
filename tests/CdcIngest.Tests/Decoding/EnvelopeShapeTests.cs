using System.Text;
using System.Text.Unicode;
using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Tests.Captured;

namespace RiskMonitor.CdcIngest.Tests.Decoding;

/// <summary>An envelope of a known shape is read without a JSON parser; what is found in it must not depend on that.</summary>
public sealed class EnvelopeShapeTests
{
    private static readonly byte[] s_pieces = "{}[]\",:\\/0123456789eE+-.utfnl \t\0é\u007f"u8.ToArray();

    public static TheoryData<string> Envelopes =>
    [
        "envelope-string.jsonl.gz", "envelope-precise.jsonl.gz", "envelope-double.jsonl.gz", "mysql-connector-2.7.jsonl",
    ];

    [Theory]
    [MemberData(nameof(Envelopes))]
    public async Task What_is_found_is_what_the_parser_finds_also_in_damaged_messages(string file)
    {
        var payloads = (await CapturedFile.MessagesAsync(file)).Where(message => message.HasValue).Select(message => message.Value.ToArray()).ToList();
        var shapes = new EnvelopeShapes();
        payloads.ForEach(payload => Learn(shapes, payload));
        var random = new Random(100);
        var read = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var message = Damaged(payloads[random.Next(payloads.Count)], random);
            if (Utf8.IsValid(message) && IsReadAsParsed(shapes, message))
            {
                read++;
            }
        }

        Assert.InRange(read, 4_000, 39_000);
    }

    [Fact]
    public void Messages_alike_are_read_by_the_shape_of_the_first()
    {
        var shapes = new EnvelopeShapes();
        Learn(shapes, Message("u", Read.Flat(), Read.Flat()));
        Learn(shapes, Message("c", "null", Read.Flat()));
        Learn(shapes, Message("d", Read.Flat(), "null"));

        Assert.True(IsReadAsParsed(shapes, Message("u", Read.Flat(("delta", "null")), Read.Flat(("delta", "-1.5e3"), ("desk", "\"é\"")))));
        Assert.True(IsReadAsParsed(shapes, Message("r", "null", Read.Flat(("entry_date", "true")))));
        Assert.True(IsReadAsParsed(shapes, Message("d", Read.Flat(("position_id", "\"P2\"")), "null")));
    }

    [Theory]
    [InlineData("delta", "01")]
    [InlineData("delta", "1.")]
    [InlineData("delta", "-")]
    [InlineData("delta", "+1")]
    [InlineData("delta", "1e")]
    [InlineData("delta", "nul")]
    [InlineData("delta", "{}")]
    [InlineData("desk", "\"a\\u0062\"")]
    [InlineData("desk", "\"a\tb\"")]
    [InlineData("desk", "\"a")]
    [InlineData("desk", null)]
    public void Everything_else_is_left_to_the_parser(string column, string? json)
    {
        var shapes = new EnvelopeShapes();
        Learn(shapes, Message("u", Read.Flat(), Read.Flat()));
        var slots = default(EventSlots);

        Assert.False(shapes.TryRead(Message("u", Read.Flat(), Read.Flat((column, json))), ref slots));
    }

    [Fact]
    public void A_row_without_envelope_and_a_slot_that_holds_an_object_are_not_learnt()
    {
        var shapes = new EnvelopeShapes();
        byte[][] messages = [Encoding.UTF8.GetBytes(Read.Flat()), Message("u", "null", Read.Flat(("delta", "{\"a\":1}")))];
        foreach (var message in messages)
        {
            Learn(shapes, message);
            var slots = default(EventSlots);

            Assert.False(shapes.TryRead(message, ref slots));
        }
    }

    private static byte[] Message(string op, string before, string after) =>
        Encoding.UTF8.GetBytes(Read.Envelope(op, before, after, """{"file":"binlog.000001","pos":7,"gtid":null,"snapshot":"false"}"""));

    private static void Learn(EnvelopeShapes shapes, byte[] message)
    {
        var slots = default(EventSlots);
        slots.Read(message, "__"u8);
        shapes.Learn(message, ref slots);
    }

    /// <returns>False where no shape fits.</returns>
    private static bool IsReadAsParsed(EnvelopeShapes shapes, byte[] message)
    {
        var found = default(EventSlots);
        if (!shapes.TryRead(message, ref found))
        {
            return false;
        }

        var parsed = default(EventSlots);
        parsed.Read(message, "__"u8);
        Assert.True(found.IsEnvelope && parsed.IsEnvelope);
        Assert.Equal((parsed.HasSource, parsed.Before.IsRow, parsed.After.IsRow), (found.HasSource, found.Before.IsRow, found.After.IsRow));
        for (var slot = 0; slot < EventSlots.OfEnvelope; slot++)
        {
            Assert.Equal(parsed[slot].Kind, found[slot].Kind);
            Assert.Equal(Encoding.UTF8.GetString(parsed[slot].Text()), Encoding.UTF8.GetString(found[slot].Text()));
        }

        return true;
    }

    private static byte[] Damaged(byte[] message, Random random)
    {
        var damaged = message.ToList();
        for (var times = random.Next(0, 3); times > 0; times--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged[at] = s_pieces[random.Next(s_pieces.Length)];
                    break;
                case 1:
                    damaged.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
                    break;
                case 2:
                    damaged.RemoveAt(at);
                    break;
                default:
                    // A digit for a digit most often hits a value.
                    damaged[at] = char.IsAsciiDigit((char)damaged[at]) ? (byte)('0' + random.Next(10)) : damaged[at];
                    break;
            }
        }

        return [.. damaged];
    }
}
