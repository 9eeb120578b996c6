using System.Reflection;
using Orleans;

namespace RiskMonitor.Grains.Interfaces.Tests;

public class ConverterTests
{
    private static readonly MethodInfo Converted = typeof(ConverterTests).GetMethod(nameof(Convert), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static TheoryData<string> CarriedTypeNames => [.. WireModel.Converters.Keys.Select(type => type.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(CarriedTypeNames))]
    public void A_domain_value_is_the_same_after_its_surrogate_carried_it(string typeName)
    {
        var samples = WireSamples.ByType[typeName].ToList();

        Assert.NotEmpty(samples);
        Assert.All(samples, sample =>
        {
            var converter = WireModel.Converters[sample.GetType()];
            var carried = Converted.MakeGenericMethod(converter.Carried, converter.Surrogate).Invoke(null, [Activator.CreateInstance(converter.Type), sample]);
            Assert.Equal(ValueText.Of(sample), ValueText.Of(carried));
        });
    }

    private static TValue Convert<TValue, TSurrogate>(IConverter<TValue, TSurrogate> converter, TValue value)
        where TSurrogate : struct
    {
        var surrogate = converter.ConvertToSurrogate(in value);
        return converter.ConvertFromSurrogate(in surrogate);
    }
}
