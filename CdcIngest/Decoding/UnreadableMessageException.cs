namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>A message, or a part of it, cannot be understood. Never leaves the decoder.</summary>
internal sealed class UnreadableMessageException(string reason) : Exception(reason);
