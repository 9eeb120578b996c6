using System.IO.Compression;
using System.Text;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Tests.Webhooks;

/// <summary>What a receiver says for a reason becomes one short, readable line.</summary>
public sealed class RefusalTextTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("raw-deflate")]
    [InlineData("br")]
    [InlineData("gzip, br")]
    [InlineData("identity")]
    public async Task A_reason_that_was_compressed_although_it_was_not_asked_for_is_read(string encoding)
    {
        var detail = await DetailAsync(encoding.Replace("raw-", "", StringComparison.Ordinal), Encoded(encoding, Encoding.UTF8.GetBytes("the risk manager is away: 休假")));
        Assert.Equal("503 Service Unavailable: the risk manager is away: 休假", detail);
    }

    [Fact]
    public async Task Compressed_answers_are_not_asked_for()
    {
        string? accepted = null;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            accepted = context.Request.Headers.AcceptEncoding;
            return Task.CompletedTask;
        });
        await using var sender = new Sender(receiver.Url);
        await sender.SendAsync("dlv_1");
        Assert.Equal("identity", accepted);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_bomb_is_read_to_a_few_kilobytes(string encoding)
    {
        var detail = await DetailAsync(encoding, Encoded(encoding, Encoding.UTF8.GetBytes(new string('x', 50_000_000))));
        Assert.StartsWith("503 Service Unavailable: xxxx", detail, StringComparison.Ordinal);
        Assert.InRange(detail.Length, 100, 310);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, gzip, gzip")]
    public async Task What_cannot_be_decoded_is_named_and_not_shown(string encoding)
    {
        var detail = await DetailAsync(encoding, [0xFF, 0x00, 0x1B, 0x5B, 0x32, 0x4A, 0xFE, 0x80, 0x81]);
        Assert.StartsWith("503 Service Unavailable: (a body in", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Characters_that_would_act_on_a_terminal_or_hide_text_are_escaped()
    {
        var detail = await DetailAsync(null, Encoding.UTF8.GetBytes("no\u001b[2J\u0007\r\n\tline two\u202e\u200b\u0085 end"));
        Assert.Equal(@"503 Service Unavailable: no\u{1b}[2J\u{7} line two\u{202e}\u{200b}\u{85} end", detail);
    }

    [Fact]
    public void A_long_line_is_cut_between_characters()
    {
        var line = RefusalText.Line(string.Concat(Enumerable.Repeat("🏦", 400)));
        Assert.EndsWith("🏦…", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 290, 305);
    }

    [Fact]
    public async Task A_reason_in_another_charset_is_read()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = 503;
            context.Response.ContentType = "text/plain; charset=iso-8859-1";
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("geschlossen für heute"));
        });
        await using var sender = new Sender(receiver.Url);
        Assert.Equal("503 Service Unavailable: geschlossen für heute", (await sender.SendAsync("dlv_1")).Detail);
    }

    private static async Task<string> DetailAsync(string? encoding, byte[] body)
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = 503;
            if (encoding is not null)
            {
                context.Response.Headers.ContentEncoding = encoding;
            }

            await context.Response.Body.WriteAsync(body);
        });
        await using var sender = new Sender(receiver.Url);
        return (await sender.SendAsync("dlv_1")).Detail;
    }

    private static byte[] Encoded(string encodings, byte[] body)
    {
        foreach (var encoding in encodings.Split(", "))
        {
            using var buffer = new MemoryStream();
            using (Stream stream = encoding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(buffer, CompressionLevel.Fastest),
                "br" => new BrotliStream(buffer, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(buffer, CompressionLevel.Fastest),
                "raw-deflate" => new DeflateStream(buffer, CompressionLevel.Fastest),
                _ => buffer,
            })
            {
                stream.Write(body);
            }

            body = buffer.ToArray();
        }

        return body;
    }
}
