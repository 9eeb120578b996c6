using System.Text.Json;
using Orleans.Storage;

namespace RiskMonitor.Storage.MySql;

/// <summary>Grain states as plain JSON, as on SQLite. Orleans' own form carries names of types, which keeps them from being renamed.</summary>
internal sealed class JsonStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span) ?? Activator.CreateInstance<T>();
}
