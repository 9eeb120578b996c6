using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Demo;

/// <summary>
/// Somebody at the other end of the webhook: checks the signature, thinks for a moment, and acknowledges through the public HTTP API, as any
/// receiver would. Shares nothing with the monitor but the secret and an API key.
/// </summary>
public sealed partial class DemoRiskManager(DemoWebhook webhook, IHttpClientFactory clients, TimeProvider clock, ILogger<DemoRiskManager> logger) : BackgroundService
{
    public const string Name = "demo risk manager";

    /// <summary>What it needs for its work, and no more.</summary>
    public static readonly RiskUser User = new(Name, Role.RiskManager, Desks: null, Clearance.Desk);

    private const int InboxSize = 256;
    private const int LargestBody = 256 * 1024;
    private const int MostAttempts = 5;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leastThought = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan s_mostThought = TimeSpan.FromSeconds(1.5);

    private readonly Channel<Alarm> _inbox = Channel.CreateBounded<Alarm>(InboxSize);

    /// <summary>The receiver's endpoint.</summary>
    public async Task<IResult> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is not (> 0 and <= LargestBody))
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        var body = new byte[request.ContentLength.Value];
        await request.Body.ReadExactlyAsync(body, cancellationToken);
        var problem = StandardWebhook.Verify(
            request.Headers[StandardWebhook.IdHeader],
            request.Headers[StandardWebhook.TimestampHeader],
            request.Headers[StandardWebhook.SignatureHeader],
            body,
            webhook.Secret,
            clock.GetUtcNow());
        if (problem is not null)
        {
            return Results.Problem(problem, statusCode: StatusCodes.Status401Unauthorized);
        }

        using var message = JsonDocument.Parse(body);
        if (message.RootElement.GetProperty("type").GetString() == NotificationKind.Cured.TypeName())
        {
            // A cure needs no ack.
            return Results.NoContent();
        }

        var data = message.RootElement.GetProperty("data");
        var alarm = new Alarm(data.GetProperty("alert_id").GetString()!, data.GetProperty("severity").GetString()!, request.Headers[StandardWebhook.IdHeader]);
        return _inbox.Writer.TryWrite(alarm) ? Results.NoContent() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = clients.CreateClient(nameof(DemoRiskManager));
        client.BaseAddress = webhook.Api;
        client.DefaultRequestHeaders.Authorization = new("Bearer", webhook.Key.Reveal());
        await ReadOldMailAsync(client, stoppingToken);
        await foreach (var alarm in _inbox.Reader.ReadAllAsync(stoppingToken))
        {
            var thought = s_leastThought + ((s_mostThought - s_leastThought) * Random.Shared.NextDouble());
            await Task.Delay(thought, clock, stoppingToken);
            await AcknowledgeAsync(client, alarm, stoppingToken);
        }
    }

    private Task AcknowledgeAsync(HttpClient client, Alarm alarm, CancellationToken cancellationToken) => RepeatAsync(
        async isLast =>
        {
            using var response = await client.PostAsJsonAsync($"api/v1/alerts/{alarm.AlertId}/ack", Answer(alarm), cancellationToken);
            if (response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.Conflict)
            {
                return true;
            }

            var isFinal = isLast || (int)response.StatusCode < 500;
            if (isFinal)
            {
                LogAckRefused(alarm.AlertId, (int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            }

            return isFinal;
        },
        problem => LogAckFailed(alarm.AlertId, problem),
        cancellationToken);

    /// <summary>Alerts that were delivered to a run before this one and not acknowledged then.</summary>
    private Task ReadOldMailAsync(HttpClient client, CancellationToken cancellationToken) => RepeatAsync(
        async _ =>
        {
            var old = await client.GetFromJsonAsync<JsonObject>($"api/v1/alerts?status=delivered&page_size={InboxSize / 2}", cancellationToken);
            foreach (var alert in old!["alerts"]!.AsArray())
            {
                _inbox.Writer.TryWrite(new Alarm((string)alert!["alert_id"]!, (string)alert["severity"]!, (string?)alert["delivery_id"]));
            }

            return true;
        },
        LogOldMailUnread,
        cancellationToken);

    /// <summary>What may pass, such as a monitor that is busy or stops, is tried again.</summary>
    /// <param name="attempt">Is given whether it is the last one; true: nothing more is to be done.</param>
    /// <param name="failed">Logs why the last one could not be made.</param>
    private async Task RepeatAsync(Func<bool, Task<bool>> attempt, Action<string> failed, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= MostAttempts; number++)
        {
            var isLast = number == MostAttempts;
            try
            {
                if (await attempt(isLast))
                {
                    return;
                }
            }
            catch (HttpRequestException exception) when (isLast)
            {
                failed(exception.Message);
                return;
            }
            catch (HttpRequestException)
            {
                // The next attempt follows.
            }

            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private static JsonObject Answer(Alarm alarm)
    {
        var (disposition, comment) = alarm.Severity switch
        {
            "INFO" => (Disposition.Seen, "watching it"),
            "WARNING" => (Disposition.Reducing, "hedging with futures"),
            _ => (Disposition.Reducing, "cutting now, head of desk informed"),
        };
        return new JsonObject
        {
            ["delivery_id"] = alarm.DeliveryId,
            ["comment"] = comment,
            ["disposition"] = disposition.Name(),
        };
    }

    private sealed record Alarm(string AlertId, string Severity, string? DeliveryId);
}
