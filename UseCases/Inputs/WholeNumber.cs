using System.Globalization;
using System.Text.Json;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>Whole numbers however they are written: in JSON, <c>5</c>, <c>5.0</c> and <c>0.5e1</c> are the same number.</summary>
public static class WholeNumber
{
    private const NumberStyles Written = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <returns>Null where it is no number, has a fraction, or does not fit.</returns>
    public static int? Of(JsonElement value) => LongOf(value) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <returns>Null where it is no number, has a fraction, or does not fit.</returns>
    public static int? Of(string text) => Long(text) is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <returns>Null where it is no number, has a fraction, or does not fit.</returns>
    public static long? LongOf(JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt64(out var number) ? number
        : value.TryGetDecimal(out var amount) ? Long(amount)
        : null;

    private static long? Long(string text) => decimal.TryParse(text, Written, CultureInfo.InvariantCulture, out var amount) ? Long(amount) : null;

    private static long? Long(decimal amount) => decimal.IsInteger(amount) && amount >= long.MinValue && amount <= long.MaxValue ? (long)amount : null;
}
