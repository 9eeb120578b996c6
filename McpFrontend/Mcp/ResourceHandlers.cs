using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Alerts;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Limits;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>What a client may attach to a conversation: the desks, a desk's exposure and limits, an alert.</summary>
internal sealed class ResourceHandlers(ListDesks desks, DeskExposure exposure, GetLimits limits, GetAlert alert, QueryAlerts alerts, McpCalls calls)
{
    private const string Json = "application/json";
    private const int MostAlertsListed = 50;
    private const int MostRows = 100;

    /// <summary>Open alerts come and go.</summary>
    private static readonly TimeSpan s_keepList = TimeSpan.FromSeconds(5);

    private static readonly Resource s_desks = new()
    {
        Name = "desks",
        Title = "Desks",
        Uri = RiskUri.Desks,
        Description = "The desks that you may see, the most used limit first.",
        MimeType = Json,
    };

    private static readonly ResourceTemplate[] s_templates =
    [
        new()
        {
            Name = "desk_limits",
            Title = "Limits of a desk",
            UriTemplate = RiskUri.LimitsTemplate,
            Description = "The limits that apply to a desk; its name percent-encoded.",
            MimeType = Json,
        },
        new()
        {
            Name = "desk_exposure",
            Title = "Exposure of a desk",
            UriTemplate = RiskUri.ExposureTemplate,
            Description = "What a desk carries now; its name percent-encoded.",
            MimeType = Json,
        },
        new() { Name = "alert", Title = "Alert", UriTemplate = RiskUri.AlertTemplate, Description = "An alert with its history, by its UUID.", MimeType = Json },
    ];

    /// <summary>The desks, and the newest alerts whose breach is open.</summary>
    public async ValueTask<ListResourcesResult> ListAsync(Caller caller, RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var input = QueryAlertsInput.Open with { PageSize = MostAlertsListed };
        var open = await calls.RunAsync(caller, QueryAlerts.Tool, Asked.Of([RequestMethods.ResourcesList], null), (callContext, token) => alerts.AskAsync(input, callContext, token), cancellationToken);
        return Caching.Private(new ListResourcesResult { Resources = [s_desks, .. open.Alerts.Select(Describe)] }, request, s_keepList);
    }

    public static ListResourceTemplatesResult ListTemplates(RequestContext<ListResourceTemplatesRequestParams> request) =>
        Caching.Private(new ListResourceTemplatesResult { ResourceTemplates = [.. s_templates] }, request, Caching.Long);

    public async ValueTask<ReadResourceResult> ReadAsync(Caller caller, RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params.Uri;
        var notFound = Caching.IsModern(request) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;
        if (Find(uri) is not { } found)
        {
            var refusal = new McpProtocolException(
                $"there is no resource {ToolArguments.Quoted(uri)}; there are {RiskUri.Desks}, {RiskUri.LimitsTemplate}, {RiskUri.ExposureTemplate} and {RiskUri.AlertTemplate}", notFound)
            {
                Data = { ["uri"] = ToolArguments.Quoted(uri) },
            };
            throw await calls.RefusedAsync(caller, RequestMethods.ResourcesRead, uri, refusal, cancellationToken);
        }

        var (tool, ask) = found;
        var asked = Asked.Of([RequestMethods.ResourcesRead], RiskUri.DeskOfLimits(uri) ?? RiskUri.DeskOfExposure(uri));
        var text = await calls.RunAsync(caller, tool, asked, async (callContext, token) => McpCalls.Json(await ask(callContext, token)), cancellationToken, notFound);
        return Caching.Private(
            new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = Json, Text = text }] }, request, TimeSpan.Zero);
    }

    /// <returns>The use case that reads the resource at an address; null where there is none.</returns>
    private (string Tool, Func<CallContext, CancellationToken, Task<Answer>> Ask)? Find(string uri)
    {
        if (uri == RiskUri.Desks)
        {
            return (ListDesks.Tool, async (callContext, token) => await desks.AskAsync(new ListDesksInput(ListDesks.ByUtilisation, MostRows, null), callContext, token));
        }

        if (RiskUri.DeskOfLimits(uri) is { } limited)
        {
            return (GetLimits.Tool, async (callContext, token) => await limits.AskAsync(new GetLimitsInput(limited, null, null, MostRows, null), callContext, token));
        }

        if (RiskUri.DeskOfExposure(uri) is { } desk)
        {
            return (DeskExposure.Tool, async (callContext, token) =>
                await MonitorDeskExposureTool.AskAsync(exposure, new DeskExposureInput(desk, null, null, null), callContext, token));
        }

        return RiskUri.AlertId(uri) is { } alertId ? (GetAlert.Tool, async (callContext, token) => await alert.AskAsync(alertId, callContext, token)) : null;
    }

    private static Resource Describe(AlertAnswer answer) => new()
    {
        Name = $"alert_{answer.Alert.AlertId:D}",
        Title = $"{answer.Alert.Episode.Severity.Name()} alert of {AnswerText.Quoted(answer.Alert.Desk)}",
        Uri = RiskUri.Alert(answer.Alert.AlertId),
        Description = AlertText.Line(answer),
        MimeType = Json,
    };
}
