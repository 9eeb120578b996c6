using System.Text;
using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The name of the property on which a reader stands.</summary>
internal static class PropertyName
{
    public static ReadOnlySpan<byte> Of(scoped ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
}
