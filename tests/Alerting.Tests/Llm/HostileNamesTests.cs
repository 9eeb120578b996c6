using System.Text.Json;
using RiskMonitor.Alerting.Llm;
using RiskMonitor.Alerting.Rules;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Alerting.Tests.Llm;

/// <summary>A desk's name in analyses, in webhook messages and in what a model is given.</summary>
public sealed class HostileNamesTests
{
    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public async Task An_analysis_quotes_it(string name)
    {
        var report = Breaches.Report(new Totals(1_600_000, 0, 3, 0), threshold: 1_000_000) with { Desk = name };

        var analysis = await new RulesAnalyst().AnalyseAsync(report, CancellationToken.None);

        Assert.StartsWith(VisibleText.Quoted(name), analysis.Text, StringComparison.Ordinal);
        Assert.Equal(VisibleText.Escaped(analysis.Text), analysis.Text);
    }

    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public void So_does_what_a_model_wrote(string name)
    {
        Assert.Equal($"{VisibleText.Quoted(name)} is over. Cut {VisibleText.Quoted(name)} now.", QuotedName.In($"{name} is over. Cut \"{name}\"\nnow.", name));
        Assert.Equal("\"FX\" and FXO", QuotedName.In("FX and FXO", "FX"));
    }

    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public void A_model_gets_it_as_data_that_cannot_be_misread(string name)
    {
        var report = Breaches.Report(new Totals(1_600_000, 0, 3, 0), threshold: 1_000_000) with { Desk = name };

        var facts = VisibleText.Escaped(BreachFacts.Of(report, Assessment.Of(report)).GetRawText());

        Assert.Equal(name, JsonDocument.Parse(facts).RootElement.GetProperty("desk").GetString());
        Assert.Equal(VisibleText.Escaped(facts), facts);
        Assert.DoesNotContain(facts, char.IsControl);
    }

    [Theory]
    [MemberData(nameof(HostileNames.All), MemberType = typeof(HostileNames))]
    public void A_webhook_message_carries_it_in_its_field_and_quotes_it_in_its_text(string name)
    {
        var report = Breaches.Report(new Totals(1_600_000, 0, 3, 0), threshold: 1_000_000) with { Desk = name };
        var step = new AlertLifecycle(AlertPolicy.Default, AlertDocument.WebhookBody).OnReport(null, report, Breaches.Noon);

        var data = JsonDocument.Parse(AlertDocument.WebhookBody(step.Alert, NotificationKind.Opened, Breaches.Noon)).RootElement.GetProperty("data");

        Assert.Equal(name, data.GetProperty("desk").GetString());
        Assert.StartsWith(VisibleText.Quoted(name), data.GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
