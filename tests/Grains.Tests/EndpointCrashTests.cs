using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Alerting;
using RiskMonitor.Alerting.Tests.Channels;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Evidence;
using SmtpServer.Protocol;

namespace RiskMonitor.Grains.Tests;

/// <summary>
/// An alert with an endpoint of each kind, over real sockets, whose silo dies before and after each write of the alert's life: born, analysed with all
/// attempts begun, each endpoint's result, the cure with all its attempts begun, each of their results.
/// </summary>
public sealed class EndpointCrashTests
{
    private const int Kinds = 5;
    private const int WritesToDelivery = 2 + Kinds;
    private const int Writes = WritesToDelivery + 1 + Kinds;

    public static TheoryData<int, bool> EveryWrite
    {
        get
        {
            var all = new TheoryData<int, bool>();
            for (var write = 1; write <= Writes; write++)
            {
                all.Add(write, false);
                all.Add(write, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(EveryWrite))]
    public async Task A_silo_that_dies_at_any_write_loses_no_message_to_any_kind_of_endpoint(int write, bool afterTheWrite)
    {
        await using var receivers = await Receivers.StartAsync();
        var gate = new StopGate(write, afterTheWrite);
        var cluster = RiskCluster.Prepare();
        cluster.WrapAlerts = store => new GatedAlertStore(store, gate);
        (cluster.Sender, cluster.Routes) = (receivers.Sender, receivers.Routes);
        await using var running = await RiskCluster.StartAsync(cluster);
        await cluster.ApplyAsync("Rates", RiskCluster.Put(0, "Rates", "A", 1_500));
        if (write <= WritesToDelivery)
        {
            await gate.Reached;
            cluster.WrapAlerts = store => store;
            await cluster.KillAndRestartAsync();
        }

        await cluster.AlertAsync(alert => AllDelivered(alert.Notice), "every endpoint has the alert");
        await cluster.ApplyAsync("Rates", RiskCluster.Put(1, "Rates", "A", 0));
        if (write > WritesToDelivery)
        {
            await gate.Reached;
            cluster.WrapAlerts = store => store;
            await cluster.KillAndRestartAsync();
        }

        var alert = await cluster.AlertAsync(alert => AllDelivered(alert.CureNotice), "every endpoint has the end of the breach");
        Assert.Single(await cluster.AlertsAsync());
        Assert.Equal(AlertStatus.Delivered, alert.Status);
        // An attempt that was begun and lost is made again under the same number and with the same bytes.
        Assert.All(alert.Messages.SelectMany(message => message.Deliveries), delivery => Assert.Equal(1, delivery.Attempts));
        Assert.All(receivers.Messages, kind => Assert.Equal(2, kind.Value().Distinct().Count()));
        var rows = (await cluster.Stored<IDeliveryLog>().ListAsync(new DeliveryFilter(alert.AlertId), null, 100, CancellationToken.None)).Deliveries;
        Assert.Equal(2 * Kinds, rows.Count);
        Assert.All(rows, row => Assert.Equal(("delivered", 1), (row.State, row.Attempts)));
        Assert.Equal(AckOutcome.Accepted, (await cluster.AlertGrain(alert).AckAsync(new AckRequest("rm-1", null, null, null, null, null))).Outcome);
        Assert.Empty((await cluster.Stored<IEvidenceLog>().VerifyAsync([], DateTimeOffset.MinValue, CancellationToken.None)).Findings);
    }

    private static bool AllDelivered(Notification? message) => message?.Deliveries is { Count: Kinds } deliveries && deliveries.All(delivery => delivery.DeliveredAt is not null);

    /// <summary>One receiver for each kind of endpoint.</summary>
    private sealed class Receivers : IAsyncDisposable
    {
        private readonly Dictionary<string, Receiver> _http = [];
        private MailServer _mail = null!;
        private ServiceProvider _services = null!;

        public IAlertSender Sender => _services.GetRequiredService<IAlertSender>();

        public IAlertRoutes Routes => _services.GetRequiredService<IAlertRoutes>();

        /// <summary>By kind: what identifies each message that came, and its bytes.</summary>
        public IReadOnlyDictionary<string, Func<IEnumerable<string>>> Messages => _http
            .Select(kind => KeyValuePair.Create(kind.Key, (Func<IEnumerable<string>>)(() => kind.Value.Messages.Select(message => message.Id + Encoding.UTF8.GetString(message.Body)))))
            .Append(KeyValuePair.Create("email", (Func<IEnumerable<string>>)(() => _mail.Mails.Select(mail => mail.MessageId + mail.TextBody))))
            .ToDictionary();

        public static async Task<Receivers> StartAsync()
        {
            var all = new Receivers { _mail = await MailServer.StartAsync(SmtpResponse.Ok) };
            var settings = new Dictionary<string, string?>
            {
                ["Links:PublicUrl"] = "https://risk.example",
                ["Links:Secret"] = Convert.ToBase64String(new byte[32]),
            };
            foreach (var (i, kind) in new[] { "webhook", "slack", "teams", "pagerduty" }.Index())
            {
                all._http[kind] = await Receiver.StartAsync(202);
                settings[$"Alerting:Endpoints:{i}:Name"] = $"the-{kind}";
                settings[$"Alerting:Endpoints:{i}:Kind"] = kind;
                settings[$"Alerting:Endpoints:{i}:Url"] = all._http[kind].Url;
            }

            settings["Alerting:Endpoints:0:Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
            settings["Alerting:Endpoints:3:RoutingKey"] = new string('a', 32);
            settings["Alerting:Endpoints:4:Name"] = "email";
            settings["Alerting:Endpoints:4:Kind"] = "email";
            settings["Alerting:Endpoints:4:SmtpHost"] = "127.0.0.1";
            settings["Alerting:Endpoints:4:SmtpPort"] = all._mail.Port.ToString(CultureInfo.InvariantCulture);
            settings["Alerting:Endpoints:4:SmtpSecurity"] = "none";
            settings["Alerting:Endpoints:4:From"] = "monitor@example.com";
            settings["Alerting:Endpoints:4:To:0"] = "desk@example.com";
            all._services = new ServiceCollection().AddLogging().AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).BuildServiceProvider();
            return all;
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            foreach (var receiver in _http.Values)
            {
                await receiver.DisposeAsync();
            }

            await _mail.DisposeAsync();
        }
    }
}
