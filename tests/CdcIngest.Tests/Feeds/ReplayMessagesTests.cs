using System.Text;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

/// <summary>Lines of kcat's own shape are read without a JSON parser; what they become must not depend on that.</summary>
public sealed class ReplayMessagesTests
{
    private const string Plain =
        """{"topic":"t","partition":3,"offset":17,"tstype":"create","ts":1793606400308,"broker":1,"key":"{\"position_id\":\"P1\"}","payload":"{\"op\":\"u\",\"a\\\\b\":\"c\/d\"}"}""";

    [Theory]
    [InlineData(Plain)]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":null}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":0,"key":null,"payload":""}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"\u0041"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"a\nb"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"é","payload":"ü"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":018,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":-1,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":9223372036854775807,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":999999999999999999,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":1.0,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":1e3,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"ts":-5,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":{"a":1}}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"x","payload":"y"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"x","extra":1}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"x"}}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":"x" }""")]
    [InlineData("{\"topic\":\"t\",\"partition\":3,\"offset\":18,\"key\":\"k\",\"payload\":\"\\\"")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"key":"k","payload":nullx}""")]
    [InlineData("""{"topic":"t","partition":4,"offset":18,"key":"k","payload":"x"}""")]
    [InlineData("""{"topic":"t","partition":3,"offset":18,"headers":["a","b"],"key":"k","payload":"x"}""")]
    [InlineData("""{"partition":3,"topic":"t","offset":18,"key":"k","payload":"x"}""")]
    public void A_line_is_read_as_the_parser_reads_it(string line) => AssertSame(Encoding.UTF8.GetBytes(line));

    [Fact]
    public void A_damaged_line_is_read_as_the_parser_reads_it()
    {
        var random = new Random(74);
        var plain = Encoding.UTF8.GetBytes(Plain);
        var pieces = "{}[]\",:\\/0123456789eE+-.utfnl \t\r\0é"u8.ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var line = plain.ToList();
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                var at = random.Next(line.Count);
                switch (random.Next(4))
                {
                    case 0:
                        line[at] = pieces[random.Next(pieces.Length)];
                        break;
                    case 1:
                        line.Insert(at, pieces[random.Next(pieces.Length)]);
                        break;
                    case 2:
                        line.RemoveAt(at);
                        break;
                    default:
                        line.RemoveRange(at, random.Next(line.Count - at));
                        line.Add((byte)'}');
                        break;
                }
            }

            AssertSame([.. line]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public async Task Lines_do_not_depend_on_how_the_stream_is_cut(int atOnce)
    {
        var longLine = new string('x', 700_000);
        var text = $"\uFEFFfirst\n\n  \t\r\nsecond\r\n{longLine}\n\uFEFFlast";
        using var lines = new LineReader(new CutStream(Encoding.UTF8.GetBytes(text), atOnce == 1 ? 1_000 : atOnce));
        var found = new List<(long Number, string Line)>();
        do
        {
            while (lines.TryNext(out var line))
            {
                found.Add((lines.Number, Encoding.UTF8.GetString(line)));
            }
        }
        while (await lines.ReadAsync(TestContext.Current.CancellationToken));

        Assert.Equal([(1, "first"), (4, "second\r"), (5, longLine), (6, "last")], found);
    }

    private static void AssertSame(byte[] line)
    {
        var messages = new ReplayMessages("file", topic => topic);
        messages.Read(Encoding.UTF8.GetBytes(Plain), 1);

        var read = messages.Read(line, 2);
        var parsed = ReplayLine.Read(line, 2, "file", topic => topic);

        Assert.Equal(parsed.Delivery, read.Delivery);
        Assert.Equal(parsed.HasValue, read.HasValue);
        Assert.Equal(parsed.Problem, read.Problem);
        Assert.Equal(parsed.Key.ToArray(), read.Key.ToArray());
        Assert.Equal(parsed.Value.ToArray(), read.Value.ToArray());
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class CutStream(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken);
    }
}
