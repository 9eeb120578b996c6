using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RiskMonitor.Grains.Tests;

public class GrainOptionsTests
{
    [Theory]
    [InlineData("Desk:FoldAfterPositions", "0", "Desk:FoldAfterPositions is 0; set it to 1 or more (usual: 5000)")]
    [InlineData("Desk:FoldInterval", "00:00:00.0500000", "Desk:FoldInterval is 00:00:00.0500000; set it to 00:00:00.1 or more (usual: 00:00:10)")]
    [InlineData("Feed:StaleAfter", "00:00:00", "Feed:StaleAfter is 00:00:00; set it to 00:00:01 or more (usual: 00:00:30)")]
    public void A_wrong_value_stops_the_start_and_is_named_with_its_key_and_its_remedy(string key, string value, string problem)
    {
        using var services = new ServiceCollection()
            .AddRiskGrains(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
            .BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal([problem], failure.Failures);
    }
}
