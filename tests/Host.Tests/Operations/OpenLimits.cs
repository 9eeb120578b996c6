using RiskMonitor.Host.Operations;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Host.Tests.Operations;

/// <summary>The limit table of a data directory.</summary>
internal sealed class OpenLimits(MonitorDatabase database) : IAsyncDisposable
{
    public ILimitStore Store { get; } = database.Get<ILimitStore>();

    public static async Task<OpenLimits> InAsync(string data) => new(await MonitorDatabase.OpenAsync(data, mayCreate: true, CancellationToken.None));

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
