using System.Globalization;
using System.Text.Json;
using RiskMonitor.Risk.Markets;

namespace RiskMonitor.UseCases.Markets;

/// <summary>
/// Reads a market snapshot: <c>{snapshot_id, as_of, source, prices[{security_id, price, currency, at}], fx[{base, quote, rate, at}]}</c>, amounts as
/// numbers or strings. A wrong entry is left out and counted, and the other entries are still used.
/// </summary>
public static class MarketDocument
{
    private const decimal MostPrice = 1_000_000_000_000m;
    private const decimal LeastRate = 0.000_000_1m;
    private const decimal MostRate = 10_000_000m;

    /// <returns>The snapshot, and how many entries were left out.</returns>
    /// <exception cref="JsonException">The document is not a market snapshot.</exception>
    public static (MarketSnapshot Snapshot, int LeftOut) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "snapshot_id") is not { } id || Time(root, "as_of") is not { } asOf)
        {
            throw new JsonException("a market snapshot is an object with snapshot_id and as_of (RFC 3339)");
        }

        var leftOut = 0;
        var prices = new Dictionary<string, MarketPrice>(StringComparer.Ordinal);
        foreach (var entry in Entries(root, "prices"))
        {
            if (Price(entry, asOf) is not { } price)
            {
                leftOut++;
            }
            else if (!prices.TryGetValue(price.SecurityId, out var known) || price.At >= known.At)
            {
                prices[price.SecurityId] = price;
            }
        }

        var rates = new List<FxRate>();
        foreach (var entry in Entries(root, "fx"))
        {
            if (Rate(entry, asOf) is { } rate)
            {
                rates.Add(rate);
            }
            else
            {
                leftOut++;
            }
        }

        return (new MarketSnapshot(id, asOf, Text(root, "source") ?? "", prices, [.. rates.OrderBy(rate => rate.At)]), leftOut);
    }

    public static bool IsCurrency(string text) => text.Length == 3 && text.All(char.IsAsciiLetterUpper);

    private static MarketPrice? Price(JsonElement entry, DateTimeOffset asOf) =>
        Text(entry, "security_id") is { } security
        && Amount(entry, "price") is { } price and <= MostPrice and >= -MostPrice
        && Currency(entry, "currency") is { } currency
            ? new MarketPrice(security, price, currency, Time(entry, "at") ?? asOf)
            : null;

    private static FxRate? Rate(JsonElement entry, DateTimeOffset asOf) =>
        Currency(entry, "base") is { } from
        && Currency(entry, "quote") is { } to
        && Amount(entry, "rate") is { } rate and >= LeastRate and <= MostRate
            ? new FxRate(from, to, rate, Time(entry, "at") ?? asOf)
            : null;

    private static IEnumerable<JsonElement> Entries(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null ? []
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray()
        : throw new JsonException($"{name} is no array");

    private static string? Currency(JsonElement entry, string name) => Text(entry, name) is { } text && IsCurrency(text) ? text : null;

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static DateTimeOffset? Time(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : null;

    private static decimal? Amount(JsonElement entry, string name) =>
        !entry.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number
        : value.ValueKind == JsonValueKind.String && decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var text) ? text
        : null;
}
