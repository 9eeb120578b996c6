using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskMonitor.UseCases.Answers;

/// <summary>An amount in an answer: a string with four decimals.</summary>
[JsonConverter(typeof(MoneyConverter))]
public readonly record struct Money(decimal Amount)
{
    public const string Pattern = @"^-?\d+\.\d{4}$";

    public static implicit operator Money(decimal amount) => new(amount);

    /// <summary>A sign, 29 digits, a point and four decimals.</summary>
    private const int MostChars = 40;

    private sealed class MoneyConverter : OnlyWritten<Money>
    {
        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[MostChars];
            Math.Round(value.Amount, 4, MidpointRounding.AwayFromZero).TryFormat(text, out var length, "F4", CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}
