using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Pushes what happens to alerts, for as long as the client keeps the request open: an alert that it named has changed, the desks have changed
/// (an alert of one has), the list of resources has (an alert has come or gone).
/// </summary>
internal sealed class SubscriptionHandlers(AlertWatch watch, McpCalls calls, IOptions<McpOptions> options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public const string Tool = UseCaseNames.ListenAlerts;

    private const int MostResources = 500;

    public async ValueTask<EmptyResult> ListenAsync(Caller caller, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var granted = new SubscriptionsListenNotifications();
        using var listener = await calls.RunAsync(
            caller,
            Tool,
            Asked.Nothing,
            (_, token) =>
            {
                granted = Granted(request.Params.Notifications);
                return watch.JoinAsync(caller, token);
            },
            cancellationToken);
        await NotifyAsync(
            request,
            NotificationMethods.SubscriptionsAcknowledgedNotification,
            (JsonObject)JsonSerializer.SerializeToNode(new SubscriptionsAcknowledgedNotificationParams { Notifications = granted }, McpJsonUtilities.DefaultOptions)!,
            cancellationToken);
        if (granted.ResourceSubscriptions is null && granted.ResourcesListChanged is null)
        {
            return new EmptyResult();
        }

        using var timeout = new CancellationTokenSource(options.Value.ListenAtMost, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping, cancellationToken);
        try
        {
            await PushAsync(listener, request, granted, end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client may listen again, if need be to another server.
        }

        return new EmptyResult();
    }

    /// <summary>To clients of older revisions, whose subscriptions need a session: taking them and never pushing would be worse.</summary>
    public static McpProtocolException NoSession() => new("nothing is pushed to clients of this revision; read the resource again, or speak 2026-07-28 and listen", McpErrorCode.MethodNotFound);

    /// <summary>What of the request can be had here; names of others are left out, as the protocol asks.</summary>
    private static SubscriptionsListenNotifications Granted(SubscriptionsListenNotifications asked)
    {
        if (asked.ResourceSubscriptions?.Count > MostResources)
        {
            throw RequestException.Invalid("resourceSubscriptions", $"at most {MostResources} resources can be named; {RiskUri.Desks} alone tells of every alert of your desks");
        }

        string[] resources = [.. asked.ResourceSubscriptions?.Where(uri => uri == RiskUri.Desks || Guid.TryParseExact(RiskUri.AlertId(uri), "D", out _)) ?? []];
        return new SubscriptionsListenNotifications
        {
            ResourcesListChanged = asked.ResourcesListChanged == true ? true : null,
            ResourceSubscriptions = resources.Length > 0 ? resources : null,
        };
    }

    private static async Task PushAsync(
        AlertListener listener, RequestContext<SubscriptionsListenRequestParams> request, SubscriptionsListenNotifications granted, CancellationToken cancellationToken)
    {
        var named = granted.ResourceSubscriptions?.ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        while (await listener.Changes.WaitToReadAsync(cancellationToken))
        {
            while (listener.Changes.TryRead(out var change))
            {
                if (named.TryGetValue(RiskUri.Alert(change.AlertId), out var uri))
                {
                    await NotifyAsync(request, NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = uri }, cancellationToken);
                }
            }

            // These say the same of any number of changes.
            if (named.Contains(RiskUri.Desks))
            {
                await NotifyAsync(request, NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = RiskUri.Desks }, cancellationToken);
            }

            if (granted.ResourcesListChanged == true)
            {
                await NotifyAsync(request, NotificationMethods.ResourceListChangedNotification, [], cancellationToken);
            }
        }
    }

    private static Task NotifyAsync(
        RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        // Clients with several streams on one channel distinguish them by the request that opened each.
        parameters["_meta"] = new JsonObject
        {
            [MetaKeys.SubscriptionId] = request.JsonRpcRequest.Id.Id switch
            {
                string text => text,
                long number => number,
                _ => null,
            },
        };
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellationToken);
    }
}
