using System.Net;
using RiskMonitor.McpFrontend.Answers;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>
/// Says who a request comes from. Only this machine is let in, and not through a browser that a foreign page steers: both the name that was
/// asked for (DNS rebinding) and the page that asks (<c>Origin</c>) must be local.
/// </summary>
internal sealed class CallerSource
{
    /// <exception cref="RequestException">The request may not come in.</exception>
    public ValueTask<Caller> OfAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            throw new RequestException(RequestError.Unauthenticated, "only programs on the same machine are let in; connect over its loopback address");
        }

        if (!IsLocal(context.Request.Host.Host))
        {
            throw new RequestException(RequestError.Forbidden, $"the host name '{context.Request.Host.Host}' is not this machine's; ask for localhost or 127.0.0.1");
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocal(page.Host)))
        {
            throw new RequestException(RequestError.Forbidden, $"pages of '{origin}' may not ask; open a page of this machine");
        }

        return ValueTask.FromResult(Caller.LocalAdmin);
    }

    private static bool IsLocal(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
