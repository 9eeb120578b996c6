namespace RiskMonitor.Conformance.Host.Fixtures;

/// <summary>The smallest files of their kinds.</summary>
internal static class SampleMedia
{
    internal const string PngType = "image/png";
    internal const string WavType = "audio/wav";

    /// <summary>One red pixel.</summary>
    internal static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    /// <summary>PCM, mono, 8 bits at 8 kHz, and not one sample.</summary>
    internal static readonly byte[] Wav =
    [
        .. "RIFF"u8, 36, 0, 0, 0, .. "WAVE"u8,
        .. "fmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0,
        .. "data"u8, 0, 0, 0, 0,
    ];
}
