using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>How the HTTP transport works; the stand-in is stateless only.</summary>
public class HttpServerTransportOptions
{
    /// <summary>Changes the server options of one request.</summary>
    public Func<HttpContext, McpServerOptions, CancellationToken, Task>? ConfigureSessionOptions { get; set; }

    /// <summary>Always true; setting false is refused when the endpoint is mapped.</summary>
    public bool Stateless { get; set; } = true;

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
