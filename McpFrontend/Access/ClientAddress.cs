using System.Net;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Where a request comes from: the client's address also behind a trusted proxy. A feature of the request.</summary>
internal sealed record ClientAddress(IPAddress? Address)
{
    public static IPAddress? Of(HttpContext context) => context.Features.Get<ClientAddress>() is { } known ? known.Address : context.Connection.RemoteIpAddress;
}
