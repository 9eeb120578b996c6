using RiskMonitor.UseCases.Access;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The caller, the request id, and the instant of a call.</summary>
public sealed record CallContext(string RequestId, Caller Caller, DateTimeOffset AsOf);
