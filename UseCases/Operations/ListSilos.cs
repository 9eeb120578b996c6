using Orleans;
using Orleans.Runtime;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>The silos that the cluster knows of, and how many grains each carries.</summary>
public sealed class ListSilos(LiveFigures live, IGrainFactory grains) : IUseCase<NoInput, SilosAnswer>
{
    public const string Tool = "list_silos";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    public static readonly UseCaseInput<NoInput> Input = new(Tool, [], _ => new NoInput());

    public async Task<SilosAnswer> AskAsync(NoInput input, CallContext context, CancellationToken cancellationToken)
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        var feed = live.FeedAsync(null, cancellationToken);
        var known = await management.GetDetailedHosts(onlyActive: false, cancellationToken).WaitAsync(cancellationToken);
        SiloAddress[] active = [.. known.Where(host => host.Status == SiloStatus.Active).Select(host => host.SiloAddress)];
        // A silo that does not answer any more must not keep the list from its readers.
        var load = await Task.WhenAll(active.Select(silo => LoadOfAsync(management, silo, cancellationToken)));
        var loads = load.OfType<(SiloAddress Silo, SiloRuntimeStatistics Load)>().ToDictionary(silo => silo.Silo, silo => silo.Load);
        return new SilosAnswer(context, await feed)
        {
            Silos =
            [
                .. known.OrderByDescending(host => host.Status == SiloStatus.Active).ThenBy(host => host.SiloName, StringComparer.Ordinal).Select(host =>
                    SiloAnswer.Of(host, loads.GetValueOrDefault(host.SiloAddress))),
            ],
        };
    }

    private static async Task<(SiloAddress Silo, SiloRuntimeStatistics Load)?> LoadOfAsync(IManagementGrain management, SiloAddress silo, CancellationToken cancellationToken)
    {
        try
        {
            return (silo, (await management.GetRuntimeStatistics([silo], cancellationToken).WaitAsync(s_timeout, cancellationToken))[0]);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
