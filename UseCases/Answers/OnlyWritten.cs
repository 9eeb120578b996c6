using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskMonitor.UseCases.Answers;

/// <summary>A JSON converter for types of answers, which this program writes and never reads.</summary>
public abstract class OnlyWritten<T> : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("answers are only written");
}
