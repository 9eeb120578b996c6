using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Grains.Interfaces.Tests;

/// <summary>Everything that crosses the wire, through the serializer that carries it between silos and the copier that carries it within one.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly MethodInfo Typed = typeof(RoundTripTests).GetMethod(nameof(SerializeAndBack), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly MethodInfo Copied = typeof(RoundTripTests).GetMethod(nameof(Copy), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> ListKinds => [.. Lists().Keys];

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(WireSamples.TypeNames), MemberType = typeof(WireSamples))]
    public void A_value_is_the_same_on_the_other_silo(string typeName) =>
        Assert.All(WireSamples.ByType[typeName], sample => AssertSame(sample, Typed.MakeGenericMethod(sample.GetType()).Invoke(this, [sample])));

    [Theory]
    [MemberData(nameof(WireSamples.TypeNames), MemberType = typeof(WireSamples))]
    public void A_value_carries_its_type_where_the_reader_does_not_know_it(string typeName) =>
        Assert.All(WireSamples.ByType[typeName], sample => AssertSame(sample, SerializeAndBack<object>(sample)));

    [Theory]
    [MemberData(nameof(WireSamples.TypeNames), MemberType = typeof(WireSamples))]
    public void A_value_is_the_same_when_it_is_copied_within_a_silo(string typeName) =>
        Assert.All(WireSamples.ByType[typeName], sample => AssertSame(sample, Copied.MakeGenericMethod(sample.GetType()).Invoke(this, [sample])));

    [Theory]
    [MemberData(nameof(ListKinds))]
    public void An_argument_that_is_a_list_may_be_any_list(string kind)
    {
        var partitions = Lists()[kind];

        AssertSame(partitions, SerializeAndBack(partitions));
        AssertSame(partitions, Copy(partitions));
    }

    [Theory]
    [MemberData(nameof(ListKinds))]
    public void A_record_of_the_domain_may_hold_any_list(string kind)
    {
        var partitions = Lists()[kind];
        var view = WireSamples.ByType[nameof(DeskView)].Cast<DeskView>().First();
        var limits = new LimitSet(1, AlertingScope.Default, Mapped(kind, partitions, _ => view.Limits.Limits[0]));
        var status = new FeedStatus(FeedState.Live, null, null, Mapped(kind, partitions, partition => partition.Topic))
        {
            Desks = Mapped(kind, partitions, partition => new DeskDoubt(partition.Topic, "late")),
        };

        Assert.All(new object[] { limits, status, view with { Limits = limits, OpenEpisodes = Mapped(kind, partitions, _ => view.OpenEpisodes[0]) } }, record =>
        {
            AssertSame(record, SerializeAndBack(record));
            AssertSame(record, Copy(record));
        });
    }

    [Theory]
    [InlineData(nameof(DeskBatch))]
    [InlineData(nameof(DeskSummary))]
    [InlineData(nameof(DeskView))]
    public void A_batch_and_a_view_within_a_silo_are_not_copied(string typeName) =>
        Assert.All(WireSamples.ByType[typeName], sample =>
        {
            Assert.Same(sample, Copy(sample));
            Assert.Same(sample, Copied.MakeGenericMethod(sample.GetType()).Invoke(this, [sample]));
        });

    /// <summary>A list of the same kind as <paramref name="source"/>.</summary>
    private static IReadOnlyList<TResult> Mapped<T, TResult>(string kind, IReadOnlyList<T> source, Func<T, TResult> map) => kind switch
    {
        "array" => source.Select(map).ToArray(),
        "list" => source.Select(map).ToList(),
        "collection expression" => [map(source[0]), map(source[1])],
        "collection expression of one" => [map(source[0])],
        "immutable array" => source.Select(map).ToImmutableArray(),
        "read-only wrapper" => source.Select(map).ToList().AsReadOnly(),
        _ => [],
    };

    private static Dictionary<string, IReadOnlyList<FeedPartition>> Lists()
    {
        FeedPartition[] two = [new("positions_cdc", 0), new("positions_cdc", 1)];
        return new()
        {
            ["array"] = two,
            ["list"] = two.ToList(),
            ["collection expression"] = [two[0], two[1]],
            ["collection expression of one"] = [two[0]],
            ["immutable array"] = two.ToImmutableArray(),
            ["read-only wrapper"] = two.AsReadOnly(),
            ["empty"] = [],
        };
    }

    private static void AssertSame(object expected, object? actual) => Assert.Equal(ValueText.Of(expected), ValueText.Of(actual));

    private T SerializeAndBack<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer<T>>();
        return serializer.Deserialize(serializer.SerializeToArray(value))!;
    }

    private T Copy<T>(T value) => _services.GetRequiredService<DeepCopier<T>>().Copy(value)!;
}
