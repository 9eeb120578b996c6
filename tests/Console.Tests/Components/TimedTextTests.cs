using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Times within texts.</summary>
public sealed class TimedTextTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_time_is_found_with_its_zone_and_the_text_around_it_is_kept()
    {
        const string Text = "opened at 2026-05-04T12:00:00.000Z and ended at 2026-05-04T20:00:00+08:00: the figure came back.";

        var parts = TimedText.Parts(Text).ToList();

        Assert.Equal(Text, string.Concat(parts.Select(part => part.Text)));
        Assert.Equal([null, s_noon, null, s_noon, null], parts.Select(part => part.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No time at all: 2026-05-04, 12:00, T12.")]
    [InlineData("The 31st of February: 2026-02-31T12:00:00Z")]
    public void What_is_no_time_stays_text(string text) => Assert.Equal(text, string.Concat(TimedText.Parts(text).Select(part => part.At is null ? part.Text : "?")));
}
