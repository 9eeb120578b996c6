using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>Bounds what one client may take of the server before anybody knows who it is.</summary>
public static class ServerBounds
{
    private const int MostRequestBytes = 1024 * 1024;
    private const int MostRequestHeaders = 64;

    /// <summary>Room for a token with many groups.</summary>
    private const int MostHeaderBytes = 32 * 1024;

    /// <summary>Sets the server's limits, and those of each endpoint that is added afterwards. Needs the services of <c>AddRiskFrontend</c>.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<ConnectionOptions>>().Value;
        var table = kestrel.ApplicationServices.GetRequiredService<ConnectionTable>();
        var time = kestrel.ApplicationServices.GetRequiredService<TimeProvider>();

        kestrel.AddServerHeader = false;
        // Counted by the table, which also knows which connections can be given up.
        kestrel.Limits.MaxConcurrentConnections = null;
        kestrel.Limits.MaxRequestBodySize = MostRequestBytes;
        kestrel.Limits.MaxRequestHeaderCount = MostRequestHeaders;
        kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
        kestrel.Limits.RequestHeadersTimeout = options.HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = options.IdleWithin;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => ServeAsync(connection, next, table, options, time)));
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, ConnectionTable table, ConnectionOptions options, TimeProvider time)
    {
        using var place = table.Enter((connection.RemoteEndPoint as IPEndPoint)?.Address, () => connection.Abort(new ConnectionAbortedException("Its place was given to another.")));
        if (place is null || !await HasSpokenAsync(connection, options.FirstByteWithin, time))
        {
            connection.Abort(new ConnectionAbortedException("There is no place, or nothing was sent in time."));
            return;
        }

        connection.Features.Set(place);
        connection.Transport = new ConnectionPipe(connection.Transport.Input, new RefusalWriter(connection.Transport.Output));
        await next(connection);
    }

    /// <summary>Kestrel's own time for headers begins with their first byte; until then it would wait as long as between two requests.</summary>
    private static async Task<bool> HasSpokenAsync(ConnectionContext connection, TimeSpan within, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.ConnectionClosed);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(either.Token);
            var hasSpoken = !read.Buffer.IsEmpty;
            // Neither consumed nor looked at: the server reads it again.
            input.AdvanceTo(read.Buffer.Start);
            return hasSpoken;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return false;
        }
    }
}
