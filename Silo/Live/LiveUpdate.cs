using Orleans;

namespace RiskMonitor.Silo.Live;

/// <summary>What changed on one silo within a moment. It says that something is to be read again and not what it is now, so that losing one does no harm.</summary>
/// <param name="Desks">Desks with a new record in their journal.</param>
/// <param name="Alerts">Alerts with a new event.</param>
[GenerateSerializer]
[Immutable]
[Alias("RiskMonitor.LiveUpdate")]
public sealed record LiveUpdate([property: Id(0)] IReadOnlyList<string> Desks, [property: Id(1)] IReadOnlyList<Guid> Alerts);
