using System.Runtime.InteropServices;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>Counts events of a batch before they go to the meter, because a measurement for each event costs too much.</summary>
internal sealed class EventCounts(IngestMetrics metrics)
{
    private readonly Dictionary<(string Op, string Outcome), long> _counts = [];

    public void Add(string op, string outcome, long events = 1) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, (op, outcome), out _) += events;

    public void Publish()
    {
        foreach (var ((op, outcome), events) in _counts)
        {
            metrics.Count(op, outcome, events);
        }

        _counts.Clear();
    }
}
