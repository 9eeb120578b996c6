using System.Diagnostics.Metrics;

namespace RiskMonitor.CdcIngest.Tests.Pipeline;

/// <summary>Makes instruments that nobody listens to.</summary>
internal sealed class Meters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
