using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

public class IngestOptionsTests
{
    [Theory]
    [InlineData("Ingest:MaxBatch", "0", "Ingest:MaxBatch is 0; set it to 1 or more (usual: 1000)")]
    [InlineData("Ingest:StuckAfter", "00:00:00", "Ingest:StuckAfter is 00:00:00; set it above 00:00:00 (usual: 00:00:05)")]
    [InlineData("Ingest:MaxOutstanding", "10", "Ingest:MaxOutstanding is 10; set it to MaxBatch or more (usual: 50000)")]
    public void A_wrong_value_stops_the_start_and_is_named_with_its_key_and_its_remedy(string key, string value, string problem)
    {
        using var services = new ServiceCollection()
            .AddIngest(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())
            .BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Equal([problem], failure.Failures);
    }
}
