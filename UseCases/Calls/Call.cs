using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Calls;

/// <summary>One call of a use case, whichever way it came.</summary>
/// <param name="Tool">The use case's name, also in metrics and rights.</param>
public sealed record Call(string RequestId, string Tool, Caller Caller, Channel Channel)
{
    /// <summary>For the audit log.</summary>
    public Asked Asked { get; init; } = Asked.Nothing;

    public static string NewRequestId() => $"req_{Guid.NewGuid():N}";
}

/// <summary>The way by which a call came.</summary>
public enum Channel
{
    Http,
    Mcp,

    /// <summary>A question in plain language, of which this is one of the calls.</summary>
    Question,
}

public static class Channels
{
    public static string Name(this Channel channel) => channel switch
    {
        Channel.Http => "http",
        Channel.Mcp => "mcp",
        _ => "question",
    };
}
