using Microsoft.Extensions.Logging;

namespace RiskMonitor.Alerting.Notices;

/// <summary>Something that the operator has to know: an event of the log with a number from 3001 to 3099, of level warning or above.</summary>
/// <param name="Event">Its name, such as <c>feed_unproven</c>.</param>
/// <param name="Message">What the log says, without what cannot be seen.</param>
/// <param name="About">What the message names, such as an alert or a desk.</param>
internal sealed record Notice(int EventId, string Event, LogLevel Level, DateTimeOffset At, string Message, IReadOnlyList<KeyValuePair<string, string>> About);
