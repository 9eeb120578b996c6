using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Who asks, under which id, and for which instant.</summary>
public sealed record CallContext(string RequestId, Caller Caller, DateTimeOffset AsOf);
