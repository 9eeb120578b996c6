using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using RiskMonitor.WebConsole.Desks;
using RiskMonitor.WebConsole.Parts;

namespace RiskMonitor.WebConsole.Overview;

/// <summary>A desk of the heat map of a large book.</summary>
/// <param name="Used">The highest use of a limit; null where there is no limit, or one of 0.</param>
public readonly record struct DeskTile(string Desk, decimal? Used, string State);

/// <summary>Tiles as markup: a thousand elements with their attributes, each compared and sent by itself, take most of the time in which a large overview is drawn.</summary>
public static class TileBlock
{
    public static string Of(IEnumerable<DeskTile> tiles)
    {
        var markup = new StringBuilder();
        foreach (var tile in tiles)
        {
            // Whole percentages: most trades change none of them, and then the block stays as it is.
            var used = tile.Used is { } use ? string.Create(CultureInfo.InvariantCulture, $": {use * 100:#,0}%") : "";
            markup.Append("<a class=\"tile ").Append(HeatScale.ClassOf(tile.Used, tile.State))
                .Append("\" tabindex=\"-1\" href=\"").Append(HtmlEncoder.Default.Encode(DeskPage.AddressOf(tile.Desk)))
                .Append("\" title=\"").Append(HtmlEncoder.Default.Encode(tile.Desk + used)).Append("\"></a>");
        }

        return markup.ToString();
    }
}
