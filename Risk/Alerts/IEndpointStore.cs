using System.Text.Json;

namespace RiskMonitor.Risk.Alerts;

/// <summary>Stores the endpoints that were set at run time.</summary>
public interface IEndpointStore
{
    /// <summary>By name.</summary>
    Task<IReadOnlyList<StoredEndpoint>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Stores an endpoint as the next version of the one that has <see cref="StoredEndpoint.Version"/>; 0 for a new one.</summary>
    /// <returns>The endpoint as stored.</returns>
    /// <exception cref="EndpointConflictException">Another version is stored.</exception>
    Task<StoredEndpoint> PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken);

    /// <summary>Removes an endpoint of this version.</summary>
    /// <exception cref="EndpointConflictException">Another version is stored, or none.</exception>
    Task RemoveAsync(string name, int version, CancellationToken cancellationToken);
}

/// <summary>An endpoint as it is stored.</summary>
/// <param name="Settings">A JSON object, with the endpoint's secrets; sealed in the table where a key is configured.</param>
public sealed record StoredEndpoint(string Name, int Version, string Settings, string Reason, string ChangedBy, DateTimeOffset ChangedAt);

/// <summary>The endpoint was changed by somebody else since it was read.</summary>
public sealed class EndpointConflictException(string name, int version)
    : Exception($"endpoint '{name}' is not stored with version {version}; read it again and repeat the change");

/// <summary>What the settings of an endpoint may be. Implemented where endpoints are, so that nobody else knows their settings.</summary>
public interface IEndpointRules
{
    /// <summary>The names of the settings.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>Reads settings as they were sent: what is left out stays as it is stored, and a null empties it.</summary>
    /// <param name="sent">Properties of an object; those that are no <see cref="Fields"/> are ignored.</param>
    /// <param name="stored">Null for a new endpoint.</param>
    /// <returns>The settings to store, or what is wrong with those sent, by field.</returns>
    (string? Settings, IReadOnlyList<(string Field, string Problem)> Problems) Read(string name, JsonElement sent, string? stored);

    /// <summary>The settings with a new secret, beside which the one before still signs.</summary>
    /// <returns>Null where endpoints of that kind have no secret.</returns>
    (string Settings, string Secret)? Rotated(string settings);

    /// <summary>Settings as readers may see them: secrets are replaced.</summary>
    JsonElement Shown(string settings);
}

/// <summary>Applies stored endpoints to the process that sends messages.</summary>
public interface IEndpointRegistry
{
    /// <summary>The endpoints that were set at run time are these from now on. Those that did not change keep their permits and their state.</summary>
    /// <returns>True where some endpoint was added or changed.</returns>
    bool Apply(IReadOnlyList<StoredEndpoint> stored);

    /// <summary>The name belongs to an endpoint of the configuration.</summary>
    bool IsConfigured(string name);
}
