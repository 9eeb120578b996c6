using System.Runtime.CompilerServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Tests.Takeovers;

/// <summary>What the desks of one of several topics hold.</summary>
internal sealed class OwnDesks(IPositionDirectory all, string topic) : IPositionDirectory
{
    public async IAsyncEnumerable<HeldBy> LoadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var held in all.LoadAsync(cancellationToken))
        {
            if (held.Desk.StartsWith(topic + "/", StringComparison.Ordinal))
            {
                yield return held;
            }
        }
    }
}
