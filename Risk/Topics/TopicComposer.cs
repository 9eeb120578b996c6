using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.Risk.Topics;

/// <summary>Writes the messages of the topic. Storage asks it within its transactions; where there is none, nothing is stored for the topic.</summary>
/// <param name="clearance">What readers of the topic may see: everybody who may read it sees all of it.</param>
public sealed class TopicComposer(Clearance clearance)
{
    /// <param name="alert">As it is stored, with these events.</param>
    public IEnumerable<TopicMessage> Of(Alert alert, IReadOnlyList<AlertEvent> events) => events.Select((happened, part) =>
    {
        var place = new TopicPlace(TopicSubject.Alert, alert.AlertId.ToString("D"), alert.Version, part);
        var type = $"risk.alert.{happened.Kind}";
        return new TopicMessage(place, type, happened.At, AlertDocument.TopicBody(alert, place, type, happened.At, clearance), TraceParent(alert.TraceId));
    });

    /// <summary>A desk's figures that entered or left the warning band.</summary>
    public IEnumerable<TopicMessage> Of(JournalRecord record) => record.Utilisation.Select((change, part) =>
    {
        var place = new TopicPlace(TopicSubject.Desk, record.Desk, record.Sequence, part);
        return new TopicMessage(place, UtilisationDocument.Type, record.At, UtilisationDocument.Body(record.Desk, change, place, record.At, clearance), TraceParent: null);
    });

    /// <summary>The trace of the alert, as if its first half named a span: the change that caused it was read in some span of that trace.</summary>
    private static string TraceParent(string traceId) => $"00-{traceId}-{traceId[..16]}-01";
}
