using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Sealing;

/// <summary>Endpoints whose settings are sealed in the table, and plain for those who use them.</summary>
internal sealed partial class SealedEndpointStore(IEndpointStore inner, SettingsSeal seal, ILogger<SealedEndpointStore> logger) : IEndpointStore
{
    private volatile bool _hasWarned;

    /// <summary>Settings that cannot be opened stay sealed, so that the others can be used.</summary>
    public async Task<IReadOnlyList<StoredEndpoint>> ListAsync(CancellationToken cancellationToken)
    {
        var opened = new List<StoredEndpoint>();
        foreach (var stored in await inner.ListAsync(cancellationToken))
        {
            opened.Add(await OpenAsync(stored, cancellationToken));
        }

        return opened;
    }

    public async Task<StoredEndpoint> PutAsync(StoredEndpoint endpoint, CancellationToken cancellationToken) =>
        await inner.PutAsync(endpoint with { Settings = seal.Seal(endpoint.Name, endpoint.Settings) }, cancellationToken) with { Settings = endpoint.Settings };

    public Task RemoveAsync(string name, int version, CancellationToken cancellationToken) => inner.RemoveAsync(name, version, cancellationToken);

    private async Task<StoredEndpoint> OpenAsync(StoredEndpoint stored, CancellationToken cancellationToken)
    {
        string settings;
        bool isCurrent;
        try
        {
            settings = seal.Open(stored.Name, stored.Settings, out isCurrent);
        }
        catch (InvalidDataException)
        {
            return stored;
        }

        if (!isCurrent)
        {
            // Rows from before there was a key, or from the key before.
            stored = await ResealedAsync(stored, settings, cancellationToken);
        }
        else if (!seal.HasKey && !_hasWarned)
        {
            _hasWarned = true;
            LogReadable();
        }

        return stored with { Settings = settings };
    }

    /// <summary>The same endpoint as its next version, so that it is recorded like every change.</summary>
    private async Task<StoredEndpoint> ResealedAsync(StoredEndpoint stored, string settings, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.PutAsync(stored with { Settings = seal.Seal(stored.Name, settings) }, cancellationToken);
        }
        catch (EndpointConflictException)
        {
            // Another process has sealed or changed it meanwhile; the next read sees that.
            return stored;
        }
    }

    [LoggerMessage(
        EventId = 3303,
        EventName = "endpoint_settings_readable",
        Level = LogLevel.Warning,
        Message = "Endpoints that were set at run time are stored with readable secrets, because EndpointSettings:Key is not set; set it to the base64 of 32 random bytes in all silos and frontends, and they are sealed")]
    private partial void LogReadable();
}
