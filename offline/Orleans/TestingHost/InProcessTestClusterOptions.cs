using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>How a test cluster is made.</summary>
public sealed class InProcessTestClusterOptions
{
    public string ClusterId { get; set; } = null!;

    public string ServiceId { get; set; } = null!;

    public short InitialSilosCount { get; set; }

    public bool InitializeClientOnDeploy { get; set; }

    public bool ConfigureFileLogging { get; set; } = true;

    public bool AssumeHomogenousSilosForTesting { get; set; }

    public bool GatewayPerSilo { get; set; } = true;

    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates { get; } = [];

    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}
