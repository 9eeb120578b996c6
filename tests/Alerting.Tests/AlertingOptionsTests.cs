using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests;

public sealed class AlertingOptionsTests
{
    [Fact]
    public void Without_configuration_alerts_are_as_patient_as_the_default_policy()
    {
        var policy = Services().GetRequiredService<AlertPolicy>();

        Assert.Equal(AlertPolicy.Default with { RetryDelays = policy.RetryDelays, OperatorAfter = TimeSpan.FromHours(1) }, policy);
        Assert.Equal(AlertPolicy.Default.RetryDelays, policy.RetryDelays);
    }

    [Fact]
    public void Configured_patience_replaces_the_default()
    {
        var policy = Services(
            ("Alerting:AckTimeout", "00:01:00"), ("Alerting:RetryDelays:0", "00:00:05"), ("Alerting:RetryDelays:1", "00:01:00"), ("Alerting:DeliverTransient", "true"))
            .GetRequiredService<AlertPolicy>();

        Assert.Equal(TimeSpan.FromMinutes(1), policy.AckTimeout);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)], policy.RetryDelays);
        Assert.True(policy.DeliverTransient);
    }

    [Theory]
    [InlineData("Alerting:AckTimeout", "00:00:00")]
    [InlineData("Alerting:RemindOpenAfter", "-00:01:00")]
    [InlineData("Alerting:RetryDelays:0", "00:00:00")]
    [InlineData("Alerting:Jitter", "1")]
    [InlineData("Alerting:AttemptLease", "00:00:20")]
    [InlineData("Webhook:Url", "risk.example.com/alerts")]
    [InlineData("Webhook:Url", "ftp://risk.example.com/alerts")]
    [InlineData("Webhook:Timeout", "00:00:00")]
    [InlineData("Webhook:MaxConcurrency", "0")]
    public void A_setting_that_cannot_be_right_stops_the_start_and_says_its_key_and_value(string key, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Start((key, value)));

        Assert.Contains(failure.Failures, problem => problem.Contains(key, StringComparison.Ordinal) && problem.Contains(value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Llm:MostCalls", "0")]
    [InlineData("Llm:BreakerFailureRatio", "1.5")]
    [InlineData("Llm:AnalysisTimeout", "00:00:09")]
    public void A_wrong_setting_of_a_model_stops_the_start_where_there_is_a_model(string key, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Start((key, value), ("Llm:Endpoint", "http://127.0.0.1:9/v1"), ("Llm:Model", "m")));

        Assert.Contains(failure.Failures, problem => problem.Contains($"{key} is {value}", StringComparison.Ordinal));
        Start((key, value));
    }

    [Theory]
    [InlineData("Webhook:Secret", "hunter2")]
    [InlineData("Webhook:PreviousSecret", "whsec_aHVudGVyMg==")]
    public void A_wrong_secret_stops_the_start_without_being_shown(string key, string value)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Start((key, value)));

        Assert.Contains(failure.Failures, problem => problem.Contains(key, StringComparison.Ordinal));
        Assert.DoesNotContain(value, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_without_a_secret_stops_the_start()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Start(("Webhook:Url", "https://risk.example.com/alerts")));

        Assert.Contains(failure.Failures, problem => problem.Contains("Webhook:Secret", StringComparison.Ordinal));
    }

    private static void Start(params (string Key, string Value)[] settings) =>
        Services(settings).GetRequiredService<IStartupValidator>().Validate();

    private static ServiceProvider Services(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddAlerting(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
            .Build())
        .BuildServiceProvider();
}
