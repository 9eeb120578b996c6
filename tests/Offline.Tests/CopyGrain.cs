using Orleans;

namespace RiskMonitor.Offline.Tests;

/// <summary>A grain that keeps what it is given.</summary>
[Alias("test.copy")]
public interface ICopyGrain : IGrainWithStringKey
{
    [Alias("keep")]
    Task KeepAsync(Basket basket);

    [Alias("kept")]
    Task<Basket?> KeptAsync();

    [Alias("items")]
    Task<IReadOnlyList<string>> ItemsAsync();

    [Alias("price")]
    Task<Dictionary<string, Price>> PriceAsync(Price[] prices);

    [Alias("strange")]
    Task<object> EchoAsync(object value);

    [Alias("same")]
    Task<bool> IsSameAsync(ICopyGrain grain);
}

/// <inheritdoc cref="ICopyGrain"/>
public sealed class CopyGrain : Grain, ICopyGrain
{
    private Basket? _kept;

    public Task KeepAsync(Basket basket)
    {
        _kept = basket;
        return Task.CompletedTask;
    }

    public Task<Basket?> KeptAsync() => Task.FromResult(_kept);

    public Task<IReadOnlyList<string>> ItemsAsync() => Task.FromResult<IReadOnlyList<string>>(_kept!.Items);

    public Task<Dictionary<string, Price>> PriceAsync(Price[] prices) => Task.FromResult(prices.ToDictionary(p => p.Currency));

    public Task<object> EchoAsync(object value) => Task.FromResult(value);

    public Task<bool> IsSameAsync(ICopyGrain grain) => Task.FromResult(grain.GetPrimaryKeyString() == this.GetPrimaryKeyString());
}
