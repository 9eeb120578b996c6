using System.Text.Json;
using System.Text.Json.Serialization;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Reads a captured day as most programs would: a class for each JSON object, and the deserializer that the compiler generates for it.</summary>
internal static class PlainRecords
{
    /// <summary>What each line of a file says: a position's id, and its row; null where it was closed.</summary>
    public static IEnumerable<(string PositionId, Position? Row)> Read(string path)
    {
        foreach (var text in File.ReadLines(path))
        {
            var line = JsonSerializer.Deserialize(text, PlainJson.Default.PlainLine)!;
            yield return RowOf(JsonSerializer.Deserialize(line.Payload!, PlainJson.Default.PlainEnvelope)!);
        }
    }

    /// <summary>What the value of a message says.</summary>
    public static (string PositionId, Position? Row) Read(ReadOnlySpan<byte> value) => RowOf(JsonSerializer.Deserialize(value, PlainJson.Default.PlainEnvelope)!);

    private static (string PositionId, Position? Row) RowOf(PlainEnvelope change) =>
        ((change.Before ?? change.After)!.PositionId, change.Op == "d" ? null : change.After!.ToPosition());
}

internal sealed record PlainLine(string Topic, int Partition, long Offset, string? Payload);

internal sealed record PlainEnvelope(PlainRow? Before, PlainRow? After, string Op);

internal sealed record PlainRow(
    string PositionId, string TraderId, string Desk, string SecurityId, decimal Quantity, decimal Delta, int EntryDate, string Currency, DateTimeOffset UpdatedAt)
{
    public Position ToPosition() => new(
        PositionId, TraderId, Desk, SecurityId, Quantity, Delta, new DateOnly(1970, 1, 1).AddDays(EntryDate), Currency, UpdatedAt);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(PlainLine))]
[JsonSerializable(typeof(PlainEnvelope))]
internal sealed partial class PlainJson : JsonSerializerContext;
