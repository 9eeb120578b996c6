namespace RiskMonitor.McpFrontend.Mcp;

/// <summary>Server-sent events that carry messages, one a line.</summary>
internal static class EventStreamText
{
    private static ReadOnlySpan<byte> Data => "data:"u8;

    /// <summary>The message as an event.</summary>
    public static byte[] Of(ReadOnlySpan<byte> json) => [.. "event: message\ndata: "u8, .. json, .. "\n\n"u8];

    /// <summary>The answer is the last message, after the notifications.</summary>
    /// <returns>Null where there is no message.</returns>
    public static byte[]? LastMessage(ReadOnlySpan<byte> events)
    {
        byte[]? last = null;
        foreach (var line in events.Split((byte)'\n'))
        {
            if (events[line].StartsWith(Data) && events[line][Data.Length..].Trim(" \r"u8) is { IsEmpty: false } message)
            {
                last = message.ToArray();
            }
        }

        return last;
    }
}
