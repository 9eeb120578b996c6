using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Tests;

public sealed class FrontendOptionsTests
{
    [Theory]
    [InlineData("Frontend:Feed", " ")]
    [InlineData("Frontend:Profiles", ",")]
    [InlineData("Frontend:Horizons", "")]
    [InlineData("Frontend:CallTimeout", "00:00:00")]
    [InlineData("Frontend:ReadyTimeout", "01:00:00")]
    public void A_setting_that_cannot_be_right_stops_the_start_and_names_its_key(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        using var services = new ServiceCollection().AddLogging().AddRiskFrontend(configuration).BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains(failure.Failures, problem => problem.Contains(key, StringComparison.Ordinal));
    }
}
