using AngleSharp.Html.Parser;
using RiskMonitor.WebConsole.Overview;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>The tiles are written as markup, so what stands in it is encoded here and nowhere else.</summary>
public sealed class TileBlockTests
{
    [Fact]
    public void A_name_is_text_whatever_stands_in_it()
    {
        const string Name = "R&D \"<img src=x onerror=alert(1)>' 利率";

        var document = new HtmlParser().ParseDocument(TileBlock.Of([new DeskTile(Name, 0.756m, "ok"), new DeskTile("FX", null, "breach")]));

        Assert.Equal(2, document.Body!.QuerySelectorAll("*").Length);
        var tiles = document.QuerySelectorAll("a");
        Assert.Equal(($"{Name}: 76%", $"/desk?name={Uri.EscapeDataString(Name)}", "tile heat-7"), (tiles[0].GetAttribute("title"), tiles[0].GetAttribute("href"), tiles[0].ClassName));
        Assert.Equal(("FX", "tile heat-over-2"), (tiles[1].GetAttribute("title"), tiles[1].ClassName));
    }

    [Fact]
    public void A_trade_that_moves_no_whole_percentage_leaves_the_tiles_as_they_are() =>
        Assert.Equal(TileBlock.Of([new DeskTile("FX", 0.5011m, "ok")]), TileBlock.Of([new DeskTile("FX", 0.5049m, "ok")]));
}
