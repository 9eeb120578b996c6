using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using RiskMonitor.McpFrontend;

namespace RiskMonitor.Host.Stdio;

/// <summary>
/// Carries the messages of a client that has started this process to the MCP endpoint of a host, and the answers back. Users, rights and limits are
/// therefore the same as over HTTP.
/// </summary>
internal sealed class StdioBridge : IAsyncDisposable
{
    /// <summary>Questions that came before the end of the input are still answered within this time.</summary>
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> _open = new();
    private readonly HttpClient _http;
    private readonly HttpClientTransport _remote;
    private readonly MessageLines _client;
    private readonly string _url;

    /// <param name="url">The address of the host.</param>
    /// <param name="apiKey">Null: none, which is enough while the host has no users.</param>
    public StdioBridge(string url, string? apiKey, MessageLines client)
    {
        (_url, _client) = (url, client);
        // A proxy that the environment names has no business between programs of one machine; streams stay open for as long as they are needed.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = apiKey is null ? null : new AuthenticationHeaderValue("Bearer", apiKey);
        var options = new HttpClientTransportOptions
        {
            Endpoint = new Uri(new Uri(url), FrontendServices.McpPath),
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
        };
        _remote = new HttpClientTransport(options, _http);
    }

    /// <summary>Until the input ends and what was asked before is answered.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The SDK's transport remembers one protocol version and puts it on every message that names none. A client that first asks server/discover by a
        // newer revision and then falls back to initialize would have its handshake refused for the version that it has just given up.
        await using var perMessage = await _remote.ConnectAsync(cancellationToken);
        await using var handshake = await _remote.ConnectAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answering = Task.WhenAll(AnswerAsync(perMessage, cancellationToken), AnswerAsync(handshake, cancellationToken));
        var asking = new List<Task>();
        try
        {
            await foreach (var message in _client.ReadAsync(cancellationToken))
            {
                if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } cancelled)
                {
                    Cancel(cancelled);
                    continue;
                }

                asking.RemoveAll(task => task.IsCompleted);
                asking.Add(AskAsync(NamesItsVersion(message) ? perMessage : handshake, message, stop.Token));
            }

            stop.CancelAfter(s_drainTimeout);
            await Task.WhenAll(asking);
            await perMessage.DisposeAsync();
            await handshake.DisposeAsync();
            await answering;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (ClientTransportClosedException)
        {
            // Closed here, once everything was answered.
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _remote.DisposeAsync();
        _http.Dispose();
    }

    private async Task AnswerAsync(ITransport remote, CancellationToken cancellationToken)
    {
        await foreach (var message in remote.MessageReader.ReadAllAsync(cancellationToken))
        {
            await _client.WriteAsync(message, cancellationToken);
        }
    }

    private async Task AskAsync(ITransport remote, JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var id = (message as JsonRpcRequest)?.Id;
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (id is { } begun)
        {
            _open[begun] = open;
        }

        try
        {
            await remote.SendMessageAsync(message, open.Token);
        }
        catch (OperationCanceledException) when (open.IsCancellationRequested)
        {
            // The client has cancelled the request.
        }
        catch (Exception exception) when (exception is McpException or HttpRequestException or IOException or JsonException)
        {
            if (id is { } unanswered)
            {
                await _client.WriteAsync(new JsonRpcError { Id = unanswered, Error = ErrorOf(exception) }, cancellationToken);
            }
        }
        finally
        {
            if (id is { } ended)
            {
                _open.TryRemove(ended, out _);
            }
        }
    }

    /// <summary>Since revision 2026-07-28 each request names the protocol version it is written in; before, initialize settled it for all that follow.</summary>
    private static bool NamesItsVersion(JsonRpcMessage message) =>
        message is JsonRpcRequest { Params: JsonObject parameters } && parameters["_meta"] is JsonObject meta && meta.ContainsKey(MetaKeys.ProtocolVersion);

    /// <summary>Over HTTP, a request is given up by closing it.</summary>
    private void Cancel(JsonRpcNotification notification)
    {
        if (notification.Params is JsonObject parameters
            && parameters["requestId"].Deserialize<RequestId?>(McpJsonUtilities.DefaultOptions) is { } id
            && _open.TryRemove(id, out var open))
        {
            open.Cancel();
        }
    }

    private JsonRpcErrorDetail ErrorOf(Exception exception) => exception switch
    {
        UnsupportedProtocolVersionException version => new JsonRpcErrorDetail
        {
            Code = (int)version.ErrorCode,
            Message = version.Message,
            Data = JsonSerializer.SerializeToNode(
                new UnsupportedProtocolVersionErrorData { Supported = [.. version.Supported], Requested = version.Requested }, McpJsonUtilities.DefaultOptions),
        },
        McpProtocolException refused => new JsonRpcErrorDetail { Code = (int)refused.ErrorCode, Message = refused.Message },
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } refused => new JsonRpcErrorDetail
        {
            Code = (int)McpErrorCode.InvalidRequest,
            Message = $"RiskMonitor at {_url} does not let this client in; give it an API key in the environment variable {StdioMode.KeyVariable} ({refused.Message})",
        },
        HttpRequestException { StatusCode: not null } refused => new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidRequest, Message = refused.Message },
        _ => new JsonRpcErrorDetail
        {
            Code = (int)McpErrorCode.InternalError,
            Message = $"RiskMonitor at {_url} does not answer; start it again, or restart this server of your client ({exception.Message})",
        },
    };
}
