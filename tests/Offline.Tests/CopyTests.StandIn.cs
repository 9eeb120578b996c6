namespace RiskMonitor.Offline.Tests;

/// <summary>The packages' test cluster carries what its client says as bytes, so that only here a client gets the very same object back.</summary>
public sealed partial class CopyTests
{
    [Fact]
    public async Task A_type_whose_registered_copier_is_shallow_is_shared()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        var tariff = new Tariff("night");

        Assert.Same(tariff, await grain.EchoAsync(tariff));
    }
}
