using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Calls;

/// <summary>One call of a use case, whichever way it came.</summary>
/// <param name="Tool">The use case's name, also in metrics and rights.</param>
public sealed record Call(string RequestId, string Tool, Caller Caller, Channel Channel)
{
    /// <summary>For the audit log.</summary>
    public Asked Asked { get; init; } = Asked.Nothing;

    /// <summary>The same question again, for a view that stays open: what was asked is in the audit log already, so only a failure is recorded.</summary>
    public bool IsRefresh { get; init; }

    public static string NewRequestId() => $"req_{Guid.NewGuid():N}";
}

/// <summary>The way by which a call came.</summary>
public enum Channel
{
    Http,
    Mcp,

    /// <summary>A view of the web console.</summary>
    Console,

    /// <summary>A question in plain language, of which this is one of the calls.</summary>
    Question,
}

public static class Channels
{
    public static string Name(this Channel channel) => channel switch
    {
        Channel.Http => "http",
        Channel.Mcp => "mcp",
        Channel.Console => "console",
        _ => "question",
    };
}
