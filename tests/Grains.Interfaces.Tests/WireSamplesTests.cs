namespace RiskMonitor.Grains.Interfaces.Tests;

public class WireSamplesTests
{
    [Fact]
    public void Every_type_that_crosses_the_wire_has_a_sample() =>
        Assert.Equal(
            WireModel.Marked.Select(type => type.Name),
            WireSamples.ByType.Select(samples => samples.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(WireSamples.TypeNames), MemberType = typeof(WireSamples))]
    public void Some_sample_fills_each_member(string typeName)
    {
        var samples = WireSamples.ByType[typeName].ToList();

        Assert.All(WireModel.State(samples[0].GetType()), member =>
        {
            var type = WireModel.TypeOf(member);
            var nothing = ValueText.Of(type.IsValueType ? Activator.CreateInstance(type) : null);
            Assert.Contains(samples, sample => ValueText.Of(WireModel.ValueOf(member, sample)) != nothing);
        });
    }
}
