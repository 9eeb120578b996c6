using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Webhooks;

/// <summary>The sender as the product registers it.</summary>
internal sealed class Sender : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string Body = """{"type":"risk.alert.opened","data":{"desk":"Ōsaka/FX \"prop\""}}""";
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly LogRecorder _log = new();
    private readonly ServiceProvider _services;

    public Sender(string? url, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Webhook:Url", url),
                new("Webhook:Secret", Secret),
                .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
            ])
            .Build();
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddLogging(logging => logging.AddProvider(_log))
            .AddAlerting(configuration)
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(Noon);

    public IReadOnlyList<string?> Logged => _log.Events;

    public IReadOnlyList<string> LoggedText => _log.Texts;

    public IAlertSender Webhook => _services.GetRequiredService<IAlertSender>();

    public async Task<DeliveryResult> SendAsync(string deliveryId, CancellationToken cancellationToken = default)
    {
        using var turn = await Webhook.AcquirePermitAsync(EndpointRoute.DefaultEndpoint, cancellationToken);
        return turn.NoEndpoint is { } why
            ? new DeliveryResult(DeliveryOutcome.NoEndpoint, why)
            : await Webhook.SendAsync(
                new OutgoingMessage(EndpointRoute.DefaultEndpoint, deliveryId, Guid.Empty, 1, NotificationKind.Opened, Body, Noon), cancellationToken);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
