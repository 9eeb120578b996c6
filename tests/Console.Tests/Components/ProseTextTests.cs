using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Times and amounts within texts.</summary>
public sealed class ProseTextTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_time_is_found_with_its_zone_and_the_text_around_it_is_kept()
    {
        const string Text = "opened at 2026-05-04T12:00:00.000Z and ended at 2026-05-04T20:00:00+08:00: the figure came back.";

        var parts = ProseText.Parts(Text).ToList();

        Assert.Equal(Text, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal([null, s_noon, null, s_noon, null], parts.Select(part => part.At));
    }

    [Fact]
    public void Amounts_as_the_API_writes_them_are_found()
    {
        const string Text = "CRITICAL: net_delta -8814443.0000 USD against 5000000.0000";

        var parts = ProseText.Parts(Text).ToList();

        Assert.Equal(Text, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal([null, -8_814_443m, null, 5_000_000m], parts.Select(part => part.Amount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No time at all: 2026-05-04, 12:00, T12.")]
    [InlineData("The 31st of February: 2026-02-31T12:00:00Z")]
    [InlineData("8,814,443 USD is written for readers already, and so are 76.3 % and 1,234.5678 USD")]
    [InlineData("Version 1.2345.6 of outbox.1796051262:103:0, SEC-1.0000 and 1.0000x")]
    public void What_is_none_stays_text(string text) => Assert.Equal(text, string.Concat(ProseText.Parts(text).Select(part => part.At is null && part.Amount is null ? part.Text : "?")));
}
