namespace RiskMonitor.Storage.Codec;

/// <summary>The marks that writer and reader share. They are stored: never change one, begin a new version instead.</summary>
internal static class CodecFormat
{
    public const int LongestVarint = 10;

    public const ulong NullString = 0;
    public const ulong NewString = 1;
    public const ulong FirstKnownString = 2;

    /// <summary>The first byte of a decimal: the scale (0 to 28) and these flags.</summary>
    public const byte ScaleMask = 0x1F;
    public const byte Negative = 0x20;
    public const byte Wide = 0x40;
    public const byte NullDecimal = 0x80;
}
