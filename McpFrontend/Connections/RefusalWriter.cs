using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using RiskMonitor.McpFrontend.Http;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>
/// Gives a problem to what the server refuses by itself, before any middleware: a request line, header or framing that is no HTTP is otherwise answered
/// with a status and nothing else, and Kestrel offers no place to say more.
/// </summary>
internal sealed class RefusalWriter(PipeWriter output) : PipeWriter
{
    private const string RequestIdHeader = "x-request-id";

    private Memory<byte> _memory;

    private static ReadOnlySpan<byte> Protocol => "HTTP/1.1 "u8;

    private static ReadOnlySpan<byte> Empty => "\r\nContent-Length: 0\r\n"u8;

    private static ReadOnlySpan<byte> Close => "\r\nConnection: close\r\n"u8;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        var written = _memory.Span[..Math.Min(bytes, _memory.Length)];
        if (StatusOf(written) is not { } status)
        {
            _memory = _memory[written.Length..];
            output.Advance(bytes);
            return;
        }

        var answer = Explained(written, status);
        answer.CopyTo(output.GetSpan(answer.Length));
        output.Advance(answer.Length);
        _memory = default;
    }

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => output.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => output.WriteAsync(source, cancellationToken);

    /// <returns>Null where this is no refusal of the server's own: those are errors without a body after which it closes.</returns>
    private static int? StatusOf(ReadOnlySpan<byte> written) =>
        written.StartsWith(Protocol) && written.EndsWith(End) && written.IndexOf(Empty) > 0 && written.IndexOf(Close) > 0
        && Utf8Parser.TryParse(written[Protocol.Length..], out int status, out _) && status >= StatusCodes.Status400BadRequest
            ? status
            : null;

    private static byte[] Explained(ReadOnlySpan<byte> refusal, int status)
    {
        var requestId = Call.NewRequestId();
        var error = new RequestException(status == StatusCodes.Status408RequestTimeout ? RequestError.Timeout : RequestError.InvalidInput, Reason(status)) { HttpStatus = status };
        var body = JsonSerializer.SerializeToUtf8Bytes(Problem.Of(error, requestId), RiskJson.Options);
        var headers = Encoding.ASCII.GetString(refusal[..^2]).Replace(
            "Content-Length: 0\r\n",
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\nContent-Type: {Problem.ContentType}\r\n{RequestIdHeader}: {requestId}\r\n"),
            StringComparison.Ordinal);
        return [.. Encoding.ASCII.GetBytes(headers), .. "\r\n"u8, .. body];
    }

    private static string Reason(int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => "the headers of the request did not arrive in time; send them at once",
        StatusCodes.Status411LengthRequired => "the body has no length; send Content-Length, or chunks",
        StatusCodes.Status413PayloadTooLarge => "the body is too long; send less",
        StatusCodes.Status414UriTooLong => "the request line is too long; send less",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "there are too many headers, or they are too long; send fewer",
        StatusCodes.Status505HttpVersionNotsupported => "this version of HTTP is not spoken here; speak HTTP/1.1",
        _ => "the request is not what HTTP asks; send it again, well formed",
    };
}

/// <summary>Both directions of a connection.</summary>
internal sealed record ConnectionPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
