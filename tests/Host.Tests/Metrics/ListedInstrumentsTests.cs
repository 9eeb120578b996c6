using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.McpFrontend.Metrics;

namespace RiskMonitor.Host.Tests.Metrics;

public sealed class ListedInstrumentsTests
{
    private static readonly Type[] s_needed = [typeof(IMeterFactory), typeof(TimeProvider)];

    [Fact]
    public void The_product_makes_every_instrument_of_the_list_and_no_other()
    {
        using var host = new ServiceCollection().AddMetrics().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var made = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, host.GetRequiredService<IMeterFactory>()))
            {
                made.Add(instrument);
            }
        };
        listener.Start();

        foreach (var metrics in InstrumentClasses())
        {
            ActivatorUtilities.CreateInstance(host, metrics);
        }

        var listed = ExportedInstruments.All.Where(exported => exported.Meter == ExportedInstruments.OwnMeter).ToList();
        Assert.Equal(listed.Select(exported => exported.Instrument).Order(), made.Select(instrument => instrument.Name).Order());
        Assert.All(made, instrument => Assert.False(string.IsNullOrEmpty(instrument.Description), $"{instrument.Name} has no description"));
        Assert.All(made, instrument => Assert.Equal(instrument.GetType().Name.StartsWith("Counter", StringComparison.Ordinal), instrument.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    /// <summary>Those that make instruments and nothing else, in all projects of the product.</summary>
    private static IEnumerable<Type> InstrumentClasses() => WithReferences(typeof(MonitorHost).Assembly, [])
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.GetConstructors() is [var constructor] && constructor.GetParameters().Select(parameter => parameter.ParameterType).ToList() is var needed
            && needed.Contains(typeof(IMeterFactory)) && needed.TrueForAll(s_needed.Contains));

    private static HashSet<Assembly> WithReferences(Assembly assembly, HashSet<Assembly> found)
    {
        if (found.Add(assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("RiskMonitor.", StringComparison.Ordinal)))
            {
                WithReferences(Assembly.Load(name), found);
            }
        }

        return found;
    }
}
