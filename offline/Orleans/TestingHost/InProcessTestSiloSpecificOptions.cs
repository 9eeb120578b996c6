namespace Orleans.TestingHost;

/// <summary>What differs from silo to silo.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    public int SiloPort { get; set; }

    public int GatewayPort { get; set; }

    public string SiloName { get; set; } = null!;

    internal static InProcessTestSiloSpecificOptions For(int instanceNumber) => new()
    {
        SiloName = $"Silo_{instanceNumber}",
        SiloPort = 50000 + instanceNumber,
        GatewayPort = 40000 + instanceNumber,
    };
}
