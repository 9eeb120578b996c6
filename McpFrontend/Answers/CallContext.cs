using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Answers;

/// <summary>Who asks, under which id, and for which instant.</summary>
internal sealed record CallContext(string RequestId, Caller Caller, DateTimeOffset AsOf);
