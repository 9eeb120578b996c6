using System.Buffers;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>How a decimal column is written, as far as the message's schema says.</summary>
/// <param name="Scale">Digits after the point of the unscaled value in bytes.</param>
internal readonly record struct DecimalNotation(DecimalNotationKind Kind, int Scale)
{
    private static readonly SearchValues<byte> s_onlyInText = SearchValues.Create(".-"u8);
    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789"u8);

    /// <summary>
    /// What a string of a column without a schema can be. Digits alone that come in fours (<c>1234</c>, <c>1e10</c>) can be a number or base64;
    /// then the row's other column, or an earlier row, decides.
    /// </summary>
    public static DecimalNotationKind Classify(ReadOnlySpan<byte> text) =>
        text.Length % 4 != 0 || text.ContainsAny(s_onlyInText) ? DecimalNotationKind.Text
        : text.ContainsAnyExcept(s_digits) && !DecimalText.TryParse(text, out _) ? DecimalNotationKind.Bytes
        : DecimalNotationKind.Unknown;

    /// <summary>Reads a string.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out decimal value) =>
        Kind == DecimalNotationKind.Bytes ? DecimalBytes.TryParse(text, Scale, out value) : DecimalText.TryParse(text, out value);
}

/// <summary>What strings of a decimal column hold.</summary>
internal enum DecimalNotationKind
{
    /// <summary>No schema says.</summary>
    Unknown,

    /// <summary>Base64 of the unscaled value.</summary>
    Bytes,

    /// <summary>The number itself.</summary>
    Text,
}
