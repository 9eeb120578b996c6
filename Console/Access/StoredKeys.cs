using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.WebConsole.Access;

/// <summary>
/// The key ring of Data Protection in the database. The library reads and writes keys without waiting, so they are kept here and exchanged with the
/// database beside it: read before the process serves and every few seconds since, so that a key of another frontend is known before its cookies come.
/// A new key is used only days after it was made, and is written long before.
/// </summary>
internal sealed partial class StoredKeys(IProtectionKeyStore store, IServiceProvider services, TimeProvider time, ILogger<StoredKeys> logger) : BackgroundService, IXmlRepository
{
    /// <summary>How old what is known of other frontends' keys may be.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>How long the first key is used; the library makes the next ones itself.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(90);

    private readonly Lock _lock = new();
    private readonly List<ProtectionKey> _unwritten = [];
    private IReadOnlyList<ProtectionKey>? _stored;
    private bool _isFailing;

    /// <exception cref="InvalidOperationException">The keys were not read yet.</exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_lock)
        {
            return _stored is null
                ? throw new InvalidOperationException("the keys of the console's cookies are not read yet")
                : [.. _stored.Concat(_unwritten).DistinctBy(key => key.Name).Select(key => XElement.Parse(key.Xml))];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_lock)
        {
            _unwritten.Add(new ProtectionKey(friendlyName, element.ToString(SaveOptions.DisableFormatting)));
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        if (_stored is { Count: 0 })
        {
            var now = time.GetUtcNow();
            services.GetRequiredService<IKeyManager>().CreateNewKey(now, now + s_lifetime);
            // Of frontends that start at once, one writes the first key, and all of them read that one.
            var first = _unwritten[0];
            _unwritten.Clear();
            await store.AddFirstAsync(first, cancellationToken);
            await ReadAsync(cancellationToken);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(stoppingToken);
                await ReadAsync(stoppingToken);
                _isFailing = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The known keys go on; the next round tries again.
                if (!_isFailing)
                {
                    LogNotExchanged(exception);
                }

                _isFailing = true;
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        ProtectionKey[] unwritten;
        lock (_lock)
        {
            unwritten = [.. _unwritten];
        }

        foreach (var key in unwritten)
        {
            await store.AddAsync(key, cancellationToken);
            lock (_lock)
            {
                _unwritten.Remove(key);
                _stored = [.. _stored!, key];
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(cancellationToken);
        lock (_lock)
        {
            _stored = stored;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the console's cookies could not be exchanged with the database; those that are known go on")]
    private partial void LogNotExchanged(Exception exception);
}

/// <summary>Has Data Protection keep its keys in the database.</summary>
internal sealed class StoredKeysSetup(StoredKeys keys) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) => options.XmlRepository = keys;
}
