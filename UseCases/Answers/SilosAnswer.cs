using Orleans;
using Orleans.Runtime;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The silos of the cluster; of a single process the one in it.</summary>
public sealed record SilosAnswer : Answer
{
    internal SilosAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>The active ones first, then by name.</summary>
    public required IReadOnlyList<SiloAnswer> Silos { get; init; }
}

/// <summary>A silo.</summary>
/// <param name="Status">Such as active, shutting_down or dead.</param>
/// <param name="StartedAt">When it joined the cluster.</param>
/// <param name="Grains">Active grains; null where the silo did not say.</param>
/// <param name="CpuPercent">Null where the silo did not say.</param>
/// <param name="MemoryBytes">Null where the silo did not say.</param>
public sealed record SiloAnswer(string Name, string Address, string Status, DateTimeOffset StartedAt, DateTimeOffset? HeardAt, int? Grains, double? CpuPercent, long? MemoryBytes)
{
    internal static SiloAnswer Of(MembershipEntry silo, SiloRuntimeStatistics? load) => new(
        silo.SiloName,
        silo.SiloAddress.Endpoint.ToString(),
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(silo.Status.ToString()),
        new DateTimeOffset(DateTime.SpecifyKind(silo.StartTime, DateTimeKind.Utc)),
        silo.IAmAliveTime == default ? null : new DateTimeOffset(DateTime.SpecifyKind(silo.IAmAliveTime, DateTimeKind.Utc)),
        load?.ActivationCount,
        load is null ? null : Math.Round(load.EnvironmentStatistics.FilteredCpuUsagePercentage, 1),
        load is null ? null : load.EnvironmentStatistics.FilteredMemoryUsageBytes);
}
