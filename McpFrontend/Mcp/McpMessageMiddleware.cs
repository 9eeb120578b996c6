using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>
/// Stands before the MCP endpoint and makes every request one that the SDK takes: the body read whole, one message at a time, both forms of answer
/// accepted, no session. What cannot be read as a message is refused in the protocol's own form, and the answer is sent in the form that the client accepts.
/// </summary>
internal sealed partial class McpMessageMiddleware(RequestDelegate next, BodyReader bodies, ProtocolCalls calls, IOptions<McpOptions> options, ILogger<McpMessageMiddleware> logger)
{
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string SessionHeader = "Mcp-Session-Id";
    private const string LastEventHeader = "Last-Event-ID";
    private const string BothForms = "application/json, text/event-stream";

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Mark>() is not null && HttpMethods.IsPost(context.Request.Method) ? ReadAsync(context) : next(context);

    private async Task ReadAsync(HttpContext context)
    {
        var accepted = AcceptedForm.Of(context.Request.Headers.Accept);
        if (accepted is { Json: false, Stream: false })
        {
            await RefuseAsync(context, null, NotAcceptable("answers are application/json or text/event-stream; accept one of them, or leave Accept out"));
            return;
        }

        ReadOnlyMemory<byte> body;
        try
        {
            body = await bodies.ReadAsync(context, options.Value.MostMessageBytes);
        }
        catch (RequestException refused)
        {
            await RefuseAsync(context, null, refused.HttpStatus != StatusCodes.Status413PayloadTooLarge ? refused : new RequestException(
                refused.Code, $"the message is longer than {options.Value.MostMessageBytes} bytes; send less, or raise {McpOptions.Section}:{nameof(McpOptions.MostMessageBytes)}")
            {
                HttpStatus = refused.HttpStatus,
            });
            return;
        }

        using var read = IncomingBody.Read(body, VersionOf(context.Request));
        await AnswerAsync(context, read, accepted);
    }

    /// <returns>Null where the client names none.</returns>
    private static string? VersionOf(HttpRequest request)
    {
        var version = request.Headers[VersionHeader].ToString().Trim();
        if (version.Length == 0)
        {
            request.Headers.Remove(VersionHeader);
            return null;
        }

        return version;
    }

    private async Task AnswerAsync(HttpContext context, IncomingBody body, AcceptedForm accepted)
    {
        // Stateless: a session that a client remembers, of this server or of the one before it, changes nothing.
        context.Request.Headers.Remove(SessionHeader);
        context.Request.Headers.Remove(LastEventHeader);
        context.Request.Headers.Accept = BothForms;
        context.Request.ContentType = MediaType.Json;
        if (body.Refusal is { } unread)
        {
            var refusal = await AccountedAsync(context, null, unread);
            await WriteAsync(context, refusal.Status, refusal.ToJson(), accepted);
            return;
        }

        if (!body.IsBatch)
        {
            await AnswerOneAsync(context, body.Messages[0], accepted);
            return;
        }

        var answers = new List<byte[]>();
        foreach (var message in body.Messages)
        {
            if (await AnswerOfAsync(context, message) is { Json: { } answer })
            {
                answers.Add(answer);
            }
        }

        if (answers.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        await WriteAsync(context, StatusCodes.Status200OK, Batch(answers), accepted);
    }

    private async Task AnswerOneAsync(HttpContext context, IncomingMessage message, AcceptedForm accepted)
    {
        if (message.Refusal is { } wrong)
        {
            var refusal = await AccountedAsync(context, message.Method, wrong);
            await WriteAsync(context, refusal.Status, refusal.ToJson(), accepted);
            return;
        }

        if (message.NeedsStream && !accepted.Stream)
        {
            await RefuseAsync(context, message.Method, NotAcceptable($"{message.Method} pushes messages as they come; accept text/event-stream for it"));
            return;
        }

        if (accepted.PrefersStream || message.NeedsStream)
        {
            await ForwardAsync(context, message);
            return;
        }

        var (status, json) = await AnswerOfAsync(context, message);
        if (json is null)
        {
            context.Response.StatusCode = status;
            return;
        }

        await WriteAsync(context, status, json, accepted);
    }

    /// <summary>Has a message answered and takes the answer out of what would have been sent.</summary>
    /// <returns>The status, and the answer; null where the message asks for none.</returns>
    private async Task<(int Status, byte[]? Json)> AnswerOfAsync(HttpContext context, IncomingMessage message)
    {
        if (message.Refusal is { } wrong)
        {
            var refusal = await AccountedAsync(context, message.Method, wrong);
            return (refusal.Status, refusal.ToJson());
        }

        var sent = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var buffer = new MemoryStream();
        var captured = new StreamResponseBodyFeature(buffer);
        context.Features.Set<IHttpResponseBodyFeature>(captured);
        try
        {
            await ForwardAsync(context, message);
            await captured.CompleteAsync();
        }
        finally
        {
            context.Features.Set(sent);
        }

        var status = context.Response.StatusCode;
        var isStream = context.Response.ContentType?.StartsWith(AcceptedForm.StreamType, StringComparison.OrdinalIgnoreCase) == true;
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.Headers.ContentEncoding = default;
        context.Response.ContentType = null;
        context.Response.ContentLength = null;
        var answer = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        return (status, isStream ? EventStreamText.LastMessage(answer) : answer.IsEmpty ? null : answer.ToArray());
    }

    private async Task ForwardAsync(HttpContext context, IncomingMessage message)
    {
        var request = context.Request;
        if (message.IsHandshake)
        {
            // The handshake's own field says which revision is meant.
            request.Headers.Remove(VersionHeader);
        }

        request.Body = MemoryMarshal.TryGetArray(message.Json, out var json)
            ? new MemoryStream(json.Array!, json.Offset, json.Count, writable: false)
            : new MemoryStream(message.Json.ToArray(), writable: false);
        request.ContentLength = message.Json.Length;
        var forwarded = new ForwardedMessage();
        context.Features.Set(forwarded);
        try
        {
            await next(context);
            if (!forwarded.HasArrived)
            {
                var refused = context.Response.StatusCode < StatusCodes.Status400BadRequest ? null : new RequestException(RequestError.InvalidInput, "the message's headers do not fit it");
                await calls.LeftOutAsync(CallerOf(context), message.Method, refused, context.RequestAborted);
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is JsonException or ArgumentException or InvalidOperationException or FormatException or BadHttpRequestException)
        {
            LogUnreadable(exception);
            context.Response.Clear();
            var refusal = MessageRefusal.Of(message.Id, McpErrorCode.InvalidParams, "the message cannot be read; send what the method's schema asks for");
            await WriteAsync(context, refusal.Status, refusal.ToJson(), AcceptedForm.JsonOnly);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var requestId = Call.NewRequestId();
            LogFailed(exception, requestId);
            context.Response.Clear();
            var refusal = MessageRefusal.Of(message.Id, McpErrorCode.InternalError, $"something went wrong on this side; tell the operator the request_id {requestId}");
            await WriteAsync(context, refusal.Status, refusal.ToJson(), AcceptedForm.JsonOnly);
        }
    }

    /// <summary>Refuses the request itself.</summary>
    /// <param name="method">Null where none was read.</param>
    private async Task RefuseAsync(HttpContext context, string? method, RequestException refusal)
    {
        var error = await calls.LeftOutAsync(CallerOf(context), method, refusal, context.RequestAborted) ?? refusal;
        var status = error.HttpStatus ?? error.Code.HttpStatus();
        await WriteAsync(context, status, new MessageRefusal(status, null, McpErrorCode.InvalidRequest, error.Message).ToJson(), AcceptedForm.JsonOnly);
    }

    /// <returns>The refusal, or that the caller asks too often.</returns>
    private async Task<MessageRefusal> AccountedAsync(HttpContext context, string? method, MessageRefusal refusal)
    {
        var refused = new RequestException(RequestError.InvalidInput, refusal.Message);
        var error = await calls.LeftOutAsync(CallerOf(context), method, refused, context.RequestAborted) ?? refused;
        return ReferenceEquals(error, refused) ? refusal : refusal with
        {
            Status = refusal.Id is null ? error.Code.HttpStatus() : refusal.Status,
            Code = McpErrorCode.InvalidRequest,
            Message = error.Message,
        };
    }

    private static Caller CallerOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    private static RequestException NotAcceptable(string message) => new(RequestError.InvalidInput, message) { HttpStatus = StatusCodes.Status406NotAcceptable };

    /// <summary>A message for the request, as an event where the client wants those; what refuses the request itself is always plain.</summary>
    private static async Task WriteAsync(HttpContext context, int status, byte[] json, AcceptedForm accepted)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (accepted.PrefersStream && status == StatusCodes.Status200OK)
        {
            context.Response.ContentType = AcceptedForm.StreamType;
            await context.Response.Body.WriteAsync(EventStreamText.Of(json), context.RequestAborted);
            return;
        }

        context.Response.ContentType = MediaType.Json;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static byte[] Batch(IReadOnlyList<byte[]> answers)
    {
        using var text = new MemoryStream();
        for (var i = 0; i < answers.Count; i++)
        {
            text.WriteByte(i == 0 ? (byte)'[' : (byte)',');
            text.Write(answers[i]);
        }

        text.WriteByte((byte)']');
        return text.ToArray();
    }

    /// <summary>Marks the endpoint that it guards.</summary>
    internal sealed class Mark
    {
        public static readonly Mark It = new();
    }
}

/// <summary>Why a message is not carried out, as JSON-RPC says it.</summary>
/// <param name="Id">Of the message; null where it has none that could be read.</param>
internal sealed record MessageRefusal(int Status, JsonElement? Id, McpErrorCode Code, string Message)
{
    /// <summary>A message with an id gets an answer with status 200; for one without, the whole request is refused with 400.</summary>
    public static MessageRefusal Of(JsonElement? id, McpErrorCode code, string message) =>
        new(id is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, id, code, message);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Id is { } id ? JsonNode.Parse(id.GetRawText()) : null,
            ["error"] = new JsonObject { ["code"] = (int)Code, ["message"] = Message },
        },
        RiskJson.Options);
}
