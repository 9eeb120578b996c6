using System.Buffers;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>How a decimal column is written, as far as the message's schema says.</summary>
/// <param name="Scale">Digits after the point of the unscaled value in bytes.</param>
internal readonly record struct DecimalForm(DecimalFormKind Kind, int Scale)
{
    private static readonly SearchValues<byte> OnlyInText = SearchValues.Create(".-"u8);

    /// <summary>
    /// Reads a string. Without a schema, digits alone can be a number or base64: MySQL's DECIMAL with a scale is always written with its
    /// point, so that what has neither point nor minus and comes in fours is bytes.
    /// </summary>
    public bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        var isBytes = Kind switch
        {
            DecimalFormKind.Bytes => true,
            DecimalFormKind.Text => false,
            _ => text.Length % 4 == 0 && !text.ContainsAny(OnlyInText),
        };
        return isBytes ? DecimalBytes.TryParse(text, Scale, out value) : DecimalText.TryParse(text, out value);
    }
}

/// <summary>What strings of a decimal column hold.</summary>
internal enum DecimalFormKind
{
    /// <summary>No schema says.</summary>
    Unknown,

    /// <summary>Base64 of the unscaled value.</summary>
    Bytes,

    /// <summary>The number itself.</summary>
    Text,
}
