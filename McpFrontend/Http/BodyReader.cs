using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Connections;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>
/// Reads the body of a request whole before the call takes a permit, so that a slow sender delays no other client: within a time, up to a
/// length, and only so many at a time of one user.
/// </summary>
internal sealed class BodyReader(IOptions<ConnectionOptions> options, TimeProvider time)
{
    private const string Closed = "close";

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly ConcurrentDictionary<string, int> _reading = new(StringComparer.Ordinal);

    /// <param name="most">Bytes; a longer body is refused.</param>
    /// <param name="sender">Who sends it, on a route that knows no caller; null: the caller.</param>
    /// <returns>The body without a byte order mark; empty where there is none.</returns>
    /// <exception cref="RequestException">It is too long, too slow, encoded, not JSON by its type, or not framed as HTTP asks.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int most, string? sender = null)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        DemandReadable(context);
        if (context.Request.ContentLength > most)
        {
            throw TooLong(most);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most;
        }

        try
        {
            // Most bodies arrive with their headers. They need no timer, and count as no body that is being sent.
            var body = context.Request.BodyReader;
            return WithoutMark(body.TryRead(out var read) && TakeWhole(body, read, most) is { } whole ? whole : await WaitForWholeAsync(context, most, sender));
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLong(most);
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            throw TooSlow(context);
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.Connection = Closed;
            throw Refused(StatusCodes.Status400BadRequest, "the body is not framed as HTTP asks; send its exact Content-Length, or well-formed chunks");
        }
    }

    private static void DemandReadable(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.ContentEncoding.SelectMany(value => (value ?? "").Split(',')).Any(encoding => encoding.Trim() is { Length: > 0 } name && !name.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            throw Refused(StatusCodes.Status415UnsupportedMediaType, "the body is compressed (Content-Encoding), which is not read here; send it as it is");
        }

        if (!MediaType.IsJson(request.ContentType))
        {
            throw Refused(StatusCodes.Status415UnsupportedMediaType, $"the body must be sent as {MediaType.Json}, in UTF-8");
        }
    }

    /// <summary>Waits for the rest of a body that is still being sent.</summary>
    private async Task<ReadOnlyMemory<byte>> WaitForWholeAsync(HttpContext context, int most, string? sender)
    {
        var user = sender ?? context.Features.GetRequiredFeature<Caller>().Identity;
        Enter(user);
        using var timeout = new CancellationTokenSource(options.Value.BodyWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            var body = context.Request.BodyReader;
            while (true)
            {
                if (TakeWhole(body, await body.ReadAsync(either.Token), most) is { } whole)
                {
                    return whole;
                }
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw TooSlow(context);
        }
        finally
        {
            Leave(user);
        }
    }

    /// <returns>Null where more is to come; what has come stays with the reader.</returns>
    private static ReadOnlyMemory<byte>? TakeWhole(PipeReader body, ReadResult read, int most)
    {
        if (read.Buffer.Length > most)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            throw TooLong(most);
        }

        if (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return null;
        }

        var whole = read.Buffer.ToArray();
        body.AdvanceTo(read.Buffer.End);
        return whole;
    }

    private void Enter(string user)
    {
        var most = options.Value.MostBodiesPerUser;
        if (_reading.AddOrUpdate(user, 1, (_, count) => count + 1) > most)
        {
            Leave(user);
            throw new RequestException(RequestError.RateLimited, string.Create(CultureInfo.InvariantCulture, $"'{user}' is sending {most} bodies at a time already; finish those first, and send bodies at once"));
        }
    }

    private void Leave(string user)
    {
        // Removes the pair only if its count is still zero.
        if (_reading.AddOrUpdate(user, 0, (_, count) => count - 1) == 0)
        {
            _reading.TryRemove(KeyValuePair.Create(user, 0));
        }
    }

    private RequestException TooSlow(HttpContext context)
    {
        context.Response.Headers.Connection = Closed;
        return new RequestException(RequestError.Timeout, $"the body did not arrive within {options.Value.BodyWithin}, or more slowly than is waited for; send it at once")
        {
            HttpStatus = StatusCodes.Status408RequestTimeout,
        };
    }

    private static RequestException TooLong(int most) => Refused(
        StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"the body is longer than {most} bytes; send less"));

    private static RequestException Refused(int status, string message) => new(RequestError.InvalidInput, message) { HttpStatus = status };

    /// <summary>RFC 8259, 8.1: senders must not add one, and receivers may ignore it.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith(s_byteOrderMark) ? body[s_byteOrderMark.Length..] : body;
}

/// <summary>Marks a route that takes a body of so many bytes at most.</summary>
internal sealed record ReadsBody(int MostBytes);

/// <summary>The body of a request, read whole; a feature of the request.</summary>
internal sealed record RequestBody(ReadOnlyMemory<byte> Bytes);
