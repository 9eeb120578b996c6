using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RiskMonitor.McpFrontend.Mcp;
using RiskMonitor.McpFrontend.Tests.World;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using Role = RiskMonitor.Risk.Access.Role;

namespace RiskMonitor.McpFrontend.Tests.Mcp;

public sealed class SubscriptionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly (string, string)[] s_quick = [("Mcp:PollEvery", "00:00:00.05"), ("Mcp:ListenersPerUser", "2")];

    [Fact]
    public async Task Who_listens_hears_of_the_alerts_that_he_named_and_of_every_change_of_his_desks()
    {
        var book = ToolSchemaTests.Floor();
        var alert = $"risk://alerts/{book.AlertOf("Breached"):D}";
        await using var frontend = await Frontend.StartAsync(book, s_quick);
        await using var client = await frontend.McpAsync();
        await using var ear = await Ear.OpenAsync(client, new() { ResourcesListChanged = true, ResourceSubscriptions = [alert, "risk://desks", "risk://desks/Breached/limits"] });

        book.Deliver(book.AlertOf("Breached"));

        Assert.Equal([alert, "risk://desks"], ear.Granted["resourceSubscriptions"]!.AsArray().Select(uri => (string?)uri));
        Assert.True((bool)ear.Granted["resourcesListChanged"]!);
        await Eventually.IsTrueAsync("all three are told", () => ear.Heard.ToHashSet().SetEquals([
            (NotificationMethods.ResourceUpdatedNotification, alert),
            (NotificationMethods.ResourceUpdatedNotification, "risk://desks"),
            (NotificationMethods.ResourceListChangedNotification, null)]));
    }

    [Fact]
    public async Task A_new_alert_of_a_desk_is_told_and_that_of_a_foreign_desk_is_not()
    {
        var book = ToolSchemaTests.Floor();
        await using var frontend = await Frontend.StartAsync(book, s_quick);
        await using var conversation = await McpConversation.BeginAsync(frontend, new Caller("ann", Role.Viewer, new HashSet<string> { "Wide" }, Clearance.Desk));
        await using var ear = await Ear.OpenAsync(conversation.Client, new() { ResourceSubscriptions = ["risk://desks", $"risk://alerts/{book.AlertOf("Breached"):D}"] });

        book.Deliver(book.AlertOf("Breached"));
        book.Put("Wide", "big", 1_000_000);

        await Eventually.IsTrueAsync("the desk's alert is told", () => !ear.Heard.IsEmpty);
        book.Deliver(book.AlertOf("Wide"));
        await Eventually.IsTrueAsync("its next change is told", () => ear.Heard.Count > 1);
        Assert.All(ear.Heard, heard => Assert.Equal("risk://desks", heard.Uri));
    }

    [Fact]
    public async Task Who_goes_away_is_looked_for_no_longer()
    {
        var book = ToolSchemaTests.Floor();
        await using var frontend = await Frontend.StartAsync(book, s_quick);
        var watch = frontend.Services.GetRequiredService<AlertWatch>();
        var client = await frontend.McpAsync();
        await using var ear = await Ear.OpenAsync(client, new() { ResourceSubscriptions = ["risk://desks"] });
        Assert.Equal(1, watch.Listeners);

        await client.DisposeAsync();

        await Eventually.IsTrueAsync("nobody listens", () => watch.Listeners == 0);
    }

    [Fact]
    public async Task A_user_has_only_so_many_streams()
    {
        await using var frontend = await Frontend.StartAsync(ToolSchemaTests.Floor(), s_quick);
        await using var client = await frontend.McpAsync();
        await using var first = await Ear.OpenAsync(client, new() { ResourceSubscriptions = ["risk://desks"] });
        await using var second = await Ear.OpenAsync(client, new() { ResourceSubscriptions = ["risk://desks"] });

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() => Ear.OpenAsync(client, new() { ResourceSubscriptions = ["risk://desks"] }));

        Assert.Contains("2 streams", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_end_when_the_server_stops()
    {
        var frontend = await Frontend.StartAsync(ToolSchemaTests.Floor(), s_quick);
        await using var client = await frontend.McpAsync();
        await using var ear = await Ear.OpenAsync(client, new() { ResourceSubscriptions = ["risk://desks"] });

        var stopping = frontend.StopAsync();

        await ear.Ended.WaitAsync(s_patience);
        await stopping.WaitAsync(s_patience);
        await frontend.DisposeAsync();
    }

    [Fact]
    public async Task Who_asks_for_nothing_that_is_pushed_here_is_told_so_at_once()
    {
        await using var frontend = await Frontend.StartAsync(new Book(), s_quick);
        await using var client = await frontend.McpAsync();

        await using var ear = await Ear.OpenAsync(client, new() { ToolsListChanged = true, ResourceSubscriptions = ["file:///etc/passwd"] });

        Assert.Empty(ear.Granted.AsObject());
        await ear.Ended.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_client_of_an_older_revision_is_not_promised_what_it_could_not_get()
    {
        await using var frontend = await Frontend.StartAsync(new Book());
        await using var older = await frontend.McpAsync("2025-11-25");
        await using var modern = await frontend.McpAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() => older.SubscribeToResourceAsync("risk://desks"));

        Assert.NotEqual(true, older.ServerCapabilities.Resources!.Subscribe);
        Assert.Equal(McpErrorCode.MethodNotFound, refused.ErrorCode);
        Assert.True(modern.ServerCapabilities.Resources!.Subscribe);
    }

    /// <summary>An open stream.</summary>
    private sealed class Ear : IAsyncDisposable
    {
        private readonly CancellationTokenSource _enough = new();
        private readonly List<IAsyncDisposable> _registrations = [];

        private Ear()
        {
        }

        public JsonNode Granted { get; private set; } = null!;

        /// <summary>The server has ended the stream.</summary>
        public Task Ended { get; private set; } = null!;

        public ConcurrentQueue<(string Method, string? Uri)> Heard { get; } = [];

        public static async Task<Ear> OpenAsync(McpClient client, SubscriptionsListenNotifications wanted)
        {
            var ear = new Ear();
            var acknowledged = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
            ear._registrations.Add(client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (notification, _) =>
            {
                acknowledged.TrySetResult(notification.Params!["notifications"]!);
                return default;
            }));
            foreach (var method in new[] { NotificationMethods.ResourceUpdatedNotification, NotificationMethods.ResourceListChangedNotification })
            {
                ear._registrations.Add(client.RegisterNotificationHandler(method, (notification, _) =>
                {
                    Assert.NotNull(notification.Params!["_meta"]!["io.modelcontextprotocol/subscriptionId"]);
                    ear.Heard.Enqueue((notification.Method, (string?)notification.Params["uri"]));
                    return default;
                }));
            }

            ear.Ended = client.SendRequestAsync(
                new JsonRpcRequest
                {
                    Method = RequestMethods.SubscriptionsListen,
                    Params = JsonSerializer.SerializeToNode(new SubscriptionsListenRequestParams { Notifications = wanted }, McpJsonUtilities.DefaultOptions),
                },
                ear._enough.Token);
            await await Task.WhenAny(acknowledged.Task, ear.Ended).WaitAsync(s_patience);
            ear.Granted = await acknowledged.Task.WaitAsync(s_patience);
            return ear;
        }

        public async ValueTask DisposeAsync()
        {
            await _enough.CancelAsync();
            await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var registration in _registrations)
            {
                await registration.DisposeAsync();
            }
        }
    }
}
