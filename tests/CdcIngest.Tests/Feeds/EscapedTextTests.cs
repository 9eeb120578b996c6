using System.Text;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>Texts are resolved in blocks where the processor can, and in pieces elsewhere; nothing may depend on which it was, nor on where a block ends.</summary>
public sealed class EscapedTextTests
{
    [Fact]
    public void Blocks_and_pieces_give_the_same()
    {
        var random = new Random(512);
        string[] often = ["a", "bc", "0123456789", "\\\"", "\\\"", "\\/", ":", ","];
        string[] seldom = ["\\\\", "\"", "\\n", "\\", "\\u0041", "/"];
        var resolved = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(200); text.Length < length;)
            {
                text.Append(random.Next(100) == 0 ? seldom[random.Next(seldom.Length)] : often[random.Next(often.Length)]);
            }

            text.Append(random.Next(10) == 0 ? "" : "\"").Append('x', random.Next(100));
            resolved += AssertSame(text.ToString());
        }

        Assert.InRange(resolved, 20_000, 49_000);
    }

    [Fact]
    public void An_escape_may_lie_at_every_place_of_a_block()
    {
        for (var before = 0; before < 200; before++)
        {
            var text = new string('a', before) + "\\\"" + new string('b', 150) + "\\/\"" + new string('c', 70);
            Assert.Equal(1, AssertSame(text));
            var result = new byte[text.Length + EscapedText.Spare];
            Assert.True(EscapedText.TryResolve(Encoding.UTF8.GetBytes(text), result, out var read, out var written));
            Assert.Equal(new string('a', before) + '"' + new string('b', 150) + '/', Encoding.UTF8.GetString(result.AsSpan(0, written)));
            Assert.Equal('"', text[read]);
        }
    }

    /// <returns>1 for a text that could be resolved.</returns>
    private static int AssertSame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var inBlocks = new byte[bytes.Length + EscapedText.Spare];
        var inPieces = new byte[bytes.Length + EscapedText.Spare];
        var (read, written) = (0, 0);
        var expected = EscapedText.ResolvePieces(bytes, inPieces, ref read, ref written);
        Assert.Equal(expected, EscapedText.TryResolve(bytes, inBlocks, out var readInBlocks, out var writtenInBlocks));
        if (!expected)
        {
            return 0;
        }

        Assert.Equal((read, written), (readInBlocks, writtenInBlocks));
        Assert.Equal(Encoding.UTF8.GetString(inPieces, 0, written), Encoding.UTF8.GetString(inBlocks, 0, written));
        return 1;
    }
}
