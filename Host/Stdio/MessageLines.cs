using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RiskMonitor.Host.Stdio;

/// <summary>Messages as lines. Unlike the SDK's transport, it still writes when the input has ended: what was asked is answered.</summary>
internal sealed class MessageLines(Stream input, Stream output) : IDisposable
{
    private static readonly JsonTypeInfo<JsonRpcMessage> s_message = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly StreamReader _input = new(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Until the input ends; what is no message is answered here.</summary>
    public async IAsyncEnumerable<JsonRpcMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The console heeds no token while it waits for a line.
        while (await _input.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (Parse(line) is { } message)
            {
                yield return message;
            }
            else
            {
                var detail = new JsonRpcErrorDetail { Code = (int)McpErrorCode.ParseError, Message = "the line is no JSON-RPC message; send one message a line" };
                await WriteAsync(new JsonRpcError { Error = detail }, cancellationToken);
            }
        }
    }

    public async Task WriteAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, s_message), (byte)'\n'];
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            await output.WriteAsync(line, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _oneAtATime.Dispose();
    }

    private static JsonRpcMessage? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, s_message);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
