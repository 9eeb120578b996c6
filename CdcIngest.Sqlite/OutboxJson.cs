using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Writes one small JSON text after another into the same memory.</summary>
internal sealed class OutboxJson : IDisposable
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public OutboxJson() => Writer = new Utf8JsonWriter(_buffer, s_options);

    public Utf8JsonWriter Writer { get; }

    /// <summary>What was written since the last call.</summary>
    public byte[] Take()
    {
        Writer.Flush();
        var written = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        Writer.Reset();
        return written;
    }

    public void Dispose() => Writer.Dispose();
}
