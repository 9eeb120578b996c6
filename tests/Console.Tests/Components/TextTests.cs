using System.Reflection;
using System.Text.RegularExpressions;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Limits;
using RiskMonitor.WebConsole.Shell;
using RiskMonitor.WebConsole.Texts;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>Texts, figures and ages as they are read.</summary>
public sealed partial class TextTests
{
    private static readonly TextTable s_chinese = TextTable.Of(Preferences.Chinese);

    [Fact]
    public void Every_text_of_a_page_is_there_in_Chinese()
    {
        var sources = typeof(TextTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RiskMonitor.Sources").Value!;
        var texts = Directory.EnumerateFiles(sources, "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Texts().Matches(File.ReadAllText(file)))
            .SelectMany(match => Literals().Matches(match.Value).Select(literal => literal.Groups[1].Value))
            .Where(text => text is not ("llm" or "model" or "analysis_source"))
            .Distinct();
        List<string> missing = [.. texts.Where(text => !s_chinese.Has(text))];

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_name_of_the_API_that_is_shown_is_there_in_Chinese()
    {
        string[] names =
        [
            .. Names.Special.Keys, .. RiskMetrics.All.Select(metric => metric.Name()), .. Enum.GetValues<Severity>().Select(severity => severity.Name()),
            .. AlertNames.Statuses.Select(status => status.Name()), .. AlertNames.Dispositions.Select(disposition => disposition.Name()),
            .. AlertNames.DeliveryStates.Select(state => state.Name()), .. AccessNames.Roles.Select(role => role.Name()), .. AccessNames.Clearances.Select(clearance => clearance.Name()),
            "opened", "escalated", "cured", "analysed", "redelivered", "acknowledged", "replayed", "suppressed", "intraday", "overnight", "default", "live", "stale", "building", "unproven",
        ];

        List<string> missing = [.. names.Select(Names.Readable).Where(name => !s_chinese.Has(name))];

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("-1234567.5", "−1,234,568", "−1,234,567.5000", "−1.23m")]
    [InlineData("999.4", "999", "999.4000", "999")]
    [InlineData("2500000000", "2,500,000,000", "2,500,000,000.0000", "2.50bn")]
    public void Amounts_are_grouped_the_same_in_every_language(string amount, string whole, string exact, string narrow)
    {
        var value = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((whole, exact, narrow), (Amount.Whole(value), Amount.Exact(value), Amount.Short(value)));
    }

    [Theory]
    [InlineData(4, "4s")]
    [InlineData(200, "3m 20s")]
    [InlineData(7_260, "2h 01m")]
    [InlineData(190_000, "2d 04h")]
    public void An_age_has_its_two_largest_units(int seconds, string text) => Assert.Equal(text, Age.Of(TimeSpan.FromSeconds(seconds)));

    [GeneratedRegex("""(?:Text|Table)(?:\[[^\]\n]*\]|\.Of\("[^"]+")""")]
    private static partial Regex Texts();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Literals();
}
