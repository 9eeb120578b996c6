using System.IO.Compression;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Storage.Codec;

/// <summary>A whole desk, checkpoint and positions, as bytes: a version, then the rest compressed (Brotli).</summary>
internal static class StateCodec
{
    private const byte StateVersion = 1;

    public static byte[] Encode(DeskCheckpoint checkpoint, IReadOnlyList<HeldPosition> positions)
    {
        var to = CodecWriter.Begin(StateVersion);
        CheckpointCodec.Write(to, checkpoint);
        to.Count(positions.Count);
        foreach (var position in positions)
        {
            PositionCodec.Write(to, position);
        }

        var plain = to.ToArray();
        using var packed = new MemoryStream();
        packed.WriteByte(plain[0]);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(plain.AsSpan(1));
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged or of a newer program.</exception>
    public static DeskRisk Decode(byte[] bytes)
    {
        // A newer form need not be compressed as this one is.
        CodecReader.Open(bytes, StateVersion, "desk state");
        using var packed = new MemoryStream(bytes, writable: false);
        using var plain = new MemoryStream();
        plain.WriteByte((byte)packed.ReadByte());
        using (var brotli = new BrotliStream(packed, CompressionMode.Decompress))
        {
            brotli.CopyTo(plain);
        }

        var from = CodecReader.Open(plain.GetBuffer().AsSpan(0, (int)plain.Length), StateVersion, "desk state");
        var checkpoint = CheckpointCodec.Read(ref from, tellsAppliedThrough: true);
        var positions = new HeldPosition[from.Count()];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = PositionCodec.ReadHeld(ref from);
        }

        from.End();
        return DeskRisk.Restore(checkpoint, positions);
    }
}
