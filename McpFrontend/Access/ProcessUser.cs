using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>A user that a part of this process is, with a key made for this run. Does not count as a user that makes others need keys.</summary>
public sealed record ProcessUser(RiskUser User, KeyHash Key);
