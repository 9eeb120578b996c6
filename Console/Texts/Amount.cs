using System.Globalization;

namespace RiskMonitor.WebConsole.Texts;

/// <summary>Writes figures so that those of a column can be compared at a glance: fixed digits, grouped, the same in every language.</summary>
public static class Amount
{
    private const int Thousand = 1_000;
    private const decimal Million = 1_000_000m;
    private const decimal Billion = 1_000_000_000m;
    private const long Megabyte = 1_000_000;
    private const long Gigabyte = 1_000_000_000;
    private const string Minus = "−";

    /// <summary>Whole units, grouped.</summary>
    public static string Whole(decimal amount) => Signed(Math.Round(amount, 0, MidpointRounding.AwayFromZero).ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>All four decimals, as the API has them; shown on hover.</summary>
    public static string Exact(decimal amount) => Signed(Math.Round(amount, 4, MidpointRounding.AwayFromZero).ToString("#,0.0000", CultureInfo.InvariantCulture));

    /// <summary>Three or four digits and a letter, for narrow places.</summary>
    public static string Short(decimal amount) => Math.Abs(amount) switch
    {
        >= Billion * Thousand => Signed((amount / Billion).ToString("#,0", CultureInfo.InvariantCulture)) + "bn",
        >= Billion => Signed((amount / Billion).ToString("0.00", CultureInfo.InvariantCulture)) + "bn",
        >= Million => Signed((amount / Million).ToString("0.00", CultureInfo.InvariantCulture)) + "m",
        >= Thousand => Signed((amount / Thousand).ToString("0.0", CultureInfo.InvariantCulture)) + "k",
        _ => Signed(amount.ToString("0", CultureInfo.InvariantCulture)),
    };

    /// <summary>A share as a percentage, or a dash where there is none.</summary>
    public static string Percent(decimal? share) => share switch
    {
        null => "–",
        >= 10 => (share.Value * 100).ToString("#,0", CultureInfo.InvariantCulture) + "%",
        _ => (share.Value * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%",
    };

    /// <summary>Of memory.</summary>
    public static string Bytes(long bytes) => bytes >= Gigabyte
        ? (bytes / (decimal)Gigabyte).ToString("0.0", CultureInfo.InvariantCulture) + " GB"
        : (bytes / (decimal)Megabyte).ToString("#,0", CultureInfo.InvariantCulture) + " MB";

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A minus as wide as a digit.</summary>
    private static string Signed(string text) => text.Replace("-", Minus, StringComparison.Ordinal);
}
