using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>An amount in an answer: a string with four decimals.</summary>
[JsonConverter(typeof(MoneyConverter))]
internal readonly record struct Money(decimal Amount)
{
    public const string Pattern = @"^-?\d+\.\d{4}$";

    public static implicit operator Money(decimal amount) => new(amount);

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("answers are only written");

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteStringValue(AlertDocument.Money(value.Amount));
    }
}
