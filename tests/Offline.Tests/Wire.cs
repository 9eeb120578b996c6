using Orleans;
using Orleans.Serialization.Cloning;

namespace RiskMonitor.Offline.Tests;

#pragma warning disable ORLEANS0004 // Note has no id on purpose.
/// <summary>A mutable thing that crosses calls.</summary>
[GenerateSerializer]
[Alias("test.basket")]
public sealed class Basket
#pragma warning restore ORLEANS0004
{
    [Id(0)]
    public List<string> Items { get; set; } = [];

    [Id(1)]
    public Basket? Inner { get; set; }

    /// <summary>Has no id: it stays at home.</summary>
    public string? Note { get; set; }
}

/// <summary>A thing that nobody can change.</summary>
[GenerateSerializer]
[Immutable]
[Alias("test.label")]
public sealed record Label([property: Id(0)] string Text);

/// <summary>A domain type without wire attributes; <see cref="PriceConverter"/> carries it.</summary>
public sealed record Price(decimal Amount, string Currency);

/// <summary>A price on the wire.</summary>
[GenerateSerializer]
[Alias("test.price")]
public struct PriceSurrogate
{
    [Id(0)]
    public decimal Amount;

    [Id(1)]
    public string Currency;
}

/// <summary>Carries <see cref="Price"/>.</summary>
[RegisterConverter]
public sealed class PriceConverter : IConverter<Price, PriceSurrogate>
{
    public Price ConvertFromSurrogate(in PriceSurrogate surrogate) => new(surrogate.Amount, surrogate.Currency);

    public PriceSurrogate ConvertToSurrogate(in Price value) => new() { Amount = value.Amount, Currency = value.Currency };
}

/// <summary>A domain type that never changes; <see cref="TariffCopier"/> says so, and <see cref="TariffConverter"/> carries it between silos.</summary>
public sealed record Tariff(string Name);

/// <summary>A tariff on the wire.</summary>
[GenerateSerializer]
[Alias("test.tariff")]
public struct TariffSurrogate
{
    [Id(0)]
    public string Name;
}

/// <summary>Carries <see cref="Tariff"/>.</summary>
[RegisterConverter]
public sealed class TariffConverter : IConverter<Tariff, TariffSurrogate>
{
    public Tariff ConvertFromSurrogate(in TariffSurrogate surrogate) => new(surrogate.Name);

    public TariffSurrogate ConvertToSurrogate(in Tariff value) => new() { Name = value.Name };
}

/// <summary>Shares <see cref="Tariff"/> within a silo.</summary>
[RegisterCopier]
public sealed class TariffCopier : ShallowCopier<Tariff>;
