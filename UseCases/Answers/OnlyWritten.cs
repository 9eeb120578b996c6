using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Converts what stands in answers, which nobody reads here.</summary>
public abstract class OnlyWritten<T> : JsonConverter<T>
{
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("answers are only written");
}
