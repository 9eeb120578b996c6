using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>
/// Keeps the connection of a request in the table while a known caller is being answered. It runs after authorization, so that slow readers of open
/// routes do not keep their connections.
/// </summary>
internal sealed class ConnectionInUseMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<ConnectionTable.Connection>() is { } connection && context.Features.Get<Caller>() is not null ? InUseAsync(context, connection) : next(context);

    private async Task InUseAsync(HttpContext context, ConnectionTable.Connection connection)
    {
        connection.Begin();
        try
        {
            await next(context);
        }
        finally
        {
            connection.End();
        }
    }
}
