using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

/// <summary>The endpoints of a configuration, as the product registers them.</summary>
internal sealed class TestEndpoints : IAsyncDisposable
{
    private readonly LogRecorder _log = new();
    private readonly ServiceProvider _services;

    public TestEndpoints(params (string Key, string? Value)[] settings)
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IAlertGroupStore>(Groups)
            .AddLogging(logging => logging.AddProvider(_log))
            .AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(setting => setting.Key, (key, values) => new KeyValuePair<string, string?>(key, values.Last().Value))).Build())
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(RiskMonitor.Alerting.Tests.Webhooks.Sender.Noon);

    /// <summary>The names of the events that were logged.</summary>
    public IReadOnlyList<string?> Logged => _log.Events;

    /// <summary>The lists that were stored.</summary>
    public GroupRecorder Groups { get; } = new();

    public IAlertSender Sender => _services.GetRequiredService<IAlertSender>();

    public IEndpointRegistry Registry => _services.GetRequiredService<IEndpointRegistry>();

    public IAlertRoutes Routes => _services.GetRequiredService<IAlertRoutes>();

    /// <summary>The settings of an endpoint of kind webhook.</summary>
    public static (string Key, string? Value)[] Webhook(int i, string name, string url, params (string Key, string? Value)[] more) =>
    [
        ($"Alerting:Endpoints:{i}:Name", name),
        ($"Alerting:Endpoints:{i}:Url", url),
        ($"Alerting:Endpoints:{i}:Secret", RiskMonitor.Alerting.Tests.Webhooks.Sender.Secret),
        .. more.Select(setting => ($"Alerting:Endpoints:{i}:{setting.Key}", setting.Value)),
    ];

    /// <summary>Sends a message that is never in a list.</summary>
    public async Task<DeliveryResult> SendAsync(string endpoint, string deliveryId = "dlv_1", string? body = null, NotificationKind kind = NotificationKind.Opened)
    {
        using var permit = Sender.TryAcquirePermitAlone(endpoint) ?? await Sender.AcquirePermitAsync(endpoint, CancellationToken.None);
        return permit.NoEndpoint is { } why
            ? new DeliveryResult(DeliveryOutcome.NoEndpoint, why)
            : await Sender.SendAsync(
                new OutgoingMessage(endpoint, deliveryId, new Guid("7d0c5ad3-5a52-5a0c-9d55-0d6f6a4f9b11"), 1, kind, body ?? RiskMonitor.Alerting.Tests.Webhooks.Sender.Body, Time.GetUtcNow()),
                CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
