using System.Diagnostics;
using System.Text;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// Traces of changes. A message that carries a W3C trace context (header <c>traceparent</c>) continues that trace: reading it is one activity, and the call to
/// a desk that contains its changes another one, linked to all traces of its batch.
/// </summary>
internal static class IngestTracing
{
    public const string SourceName = "RiskMonitor.Ingest";

    /// <summary>A batch has at most a thousand changes; an exporter keeps far fewer links.</summary>
    private const int MaxLinks = 32;

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>The activity of the message that is being read; null: it is not traced.</summary>
    public static Activity? Reading => s_source.HasListeners() && Activity.Current is { } current && ReferenceEquals(current.Source, s_source) ? current : null;

    /// <summary>Begins the activity of a message.</summary>
    /// <returns>Null when the message carries no trace, or when no listener records activities.</returns>
    public static Activity? BeginReading(in FeedMessage message)
    {
        if (message.Headers is not { } headers || !s_source.HasListeners())
        {
            return null;
        }

        string? parent = null;
        string? state = null;
        foreach (var (name, value) in headers)
        {
            if (value is not null && name == "traceparent")
            {
                parent = Encoding.ASCII.GetString(value);
            }
            else if (value is not null && name == "tracestate")
            {
                state = Encoding.ASCII.GetString(value);
            }
        }

        if (parent is null || !ActivityContext.TryParse(parent, state, isRemote: true, out var context))
        {
            return null;
        }

        var activity = s_source.StartActivity("process", ActivityKind.Consumer, context);
        activity?.SetTag("messaging.system", "kafka");
        activity?.SetTag("messaging.destination.name", message.Delivery.Topic);
        activity?.SetTag("messaging.destination.partition.id", message.Delivery.Partition);
        activity?.SetTag("messaging.kafka.offset", message.Delivery.Offset);
        return activity;
    }

    /// <summary>Begins the activity of a call to a desk: in the trace of its first change that has one, with links to the others.</summary>
    public static Activity? BeginApplying(IReadOnlyList<ActivityContext>? traces, int changes)
    {
        if (traces is null)
        {
            return null;
        }

        var activity = s_source.StartActivity(
            "apply", ActivityKind.Client, traces[0], links: traces.Skip(1).Take(MaxLinks).Select(trace => new ActivityLink(trace)));
        activity?.SetTag("messaging.batch.message_count", changes);
        return activity;
    }
}
