using Orleans;
using Orleans.Runtime;
using RiskMonitor.CdcIngest.Kafka;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Storage;

namespace RiskMonitor.Host.Roles;

/// <summary>Whether a silo or an ingest can do its work: it reaches its storage, is a silo or reaches one, and an ingest has been taken into its group by Kafka.</summary>
internal sealed partial class RoleChecks(
    IServiceProvider services, ILimitStore storage, IStorageHealth? health, TimeProvider clock, ILogger<RoleChecks> logger)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    public async Task<IReadOnlyDictionary<string, bool>> CheckAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var silo = IsSiloAsync(either.Token);
        var stored = IsAsync("storage", () => storage.VersionAsync(either.Token).WaitAsync(either.Token), cancellationToken);
        var parts = new Dictionary<string, bool> { ["storage"] = await stored && IsWritable(), ["silo"] = await silo };
        if (services.GetService<KafkaReadiness>() is { } kafka)
        {
            parts["kafka"] = kafka.IsReady;
        }

        return parts;
    }

    private bool IsWritable() => health?.Now is not { } now || (now.FailingSince is null && !(now.OldestWaiting > s_timeout));

    private Task<bool> IsSiloAsync(CancellationToken cancellationToken) => services.GetService<ISiloStatusOracle>() is { } members
        ? Task.FromResult(members.CurrentStatus == SiloStatus.Active)
        : IsAsync(
            "silo",
            () => services.GetRequiredService<IGrainFactory>().GetGrain<ISiloProbeGrain>(ISiloProbeGrain.Key).AnswerAsync().WaitAsync(cancellationToken),
            cancellationToken);

    private async Task<bool> IsAsync(string part, Func<Task> check, CancellationToken cancellationToken)
    {
        try
        {
            await check();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested || exception is OperationCanceledException)
        {
            LogNotReady(exception, part);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: {Part} does not answer")]
    private partial void LogNotReady(Exception exception, string part);
}
