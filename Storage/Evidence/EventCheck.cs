using RiskMonitor.Risk.Evidence;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Evidence;

/// <summary>Compares the histories of the alerts, and the rows of the audit log, with what the entries say of them.</summary>
internal sealed class EventCheck(RecordedRows recorded, EvidenceFindings findings, long settled, long began)
{
    private const string Events = RowsAtOpening.Events;

    public long Compared { get; private set; }

    public long Before { get; private set; }

    /// <summary>Events and calls of no entry that are from before the first entry by their own times.</summary>
    public Dictionary<string, long> Old { get; } = new() { [Events] = 0, [EvidenceTable.AuditLog.Name] = 0 };

    public long ComparedCalls { get; private set; }

    public long CallsBefore { get; private set; }

    public async Task RunAsync(DbSession db)
    {
        var history = new List<(UInt128 Digest, long At, string Kind)>();
        var alert = "";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await PagedRows.EachAsync(db, "alert_id, at, kind, revision, detail", Events, "alert_id", order: "n", row: row =>
        {
            if (row.Text(0) != alert)
            {
                Check(alert, history);
                (alert, history) = (row.Text(0), []);
                seen.Add(alert);
            }

            history.Add((RecordedRows.Digest(RecordedRows.Event(row.GetInt64(1), row.Text(2), row.GetInt32(3), row.Text(4))), row.GetInt64(1), row.Text(2)));
        });
        Check(alert, history);
        foreach (var id in recorded.Alerts.Keys.Where(id => !seen.Contains(id)))
        {
            Check(id, []);
        }

        await CheckCallsAsync(db);
    }

    /// <summary>The recorded events stand in the history in their order; nothing is between them that a program with evidence would have recorded.</summary>
    private void Check(string alertId, List<(UInt128 Digest, long At, string Kind)> history)
    {
        if (!recorded.Alerts.TryGetValue(alertId, out var alert))
        {
            foreach (var step in history)
            {
                CountUnrecorded(alertId, step.At, step.Kind);
            }

            return;
        }

        var recordedEvents = alert.Writes.OrderBy(write => write.Ordinal).SelectMany(write => write.Events, (write, step) => (Write: write, step.Digest, step.Kind)).ToList();
        var left = history.Select((step, place) => (Step: step, Place: place)).ToList();
        var places = new List<(RecordedWrite Write, string Kind, int Place)>();
        var lost = new List<(RecordedWrite Write, string Kind)>();
        foreach (var (write, digest, kind) in recordedEvents)
        {
            var found = left.FindIndex(row => row.Step.Digest == digest);
            if (found < 0)
            {
                lost.Add((write, kind));
                continue;
            }

            places.Add((write, kind, left[found].Place));
            left.RemoveAt(found);
            Compared++;
        }

        foreach (var (write, kind, _) in OutOfOrder(places))
        {
            findings.Add(
                EvidenceProblems.RowChanged, write.Chain, write.Sequence, Events, alertId, $"the event '{kind}' of alert {alertId} stands at another place of its history");
        }

        foreach (var (write, kind) in lost)
        {
            // What was changed is still there as an event that nobody recorded.
            var changed = left.FindIndex(row => row.Step.Kind == kind);
            findings.Add(
                changed < 0 ? EvidenceProblems.RowDeleted : EvidenceProblems.RowChanged, write.Chain, write.Sequence, Events, alertId,
                $"the event '{kind}' of alert {alertId} is {(changed < 0 ? "gone" : "not as it was written")}");
            if (changed >= 0)
            {
                left.RemoveAt(changed);
            }
        }

        foreach (var (step, _) in left)
        {
            CountUnrecorded(alertId, step.At, step.Kind);
        }
    }

    /// <summary>Those that must move so that the others are in their order: all but the longest part that is.</summary>
    private static IEnumerable<(RecordedWrite Write, string Kind, int Place)> OutOfOrder(List<(RecordedWrite Write, string Kind, int Place)> places)
    {
        var length = new int[places.Count];
        var before = new int[places.Count];
        var last = -1;
        for (var i = 0; i < places.Count; i++)
        {
            (length[i], before[i]) = (1, -1);
            for (var j = 0; j < i; j++)
            {
                if (places[j].Place < places[i].Place && length[j] >= length[i])
                {
                    (length[i], before[i]) = (length[j] + 1, j);
                }
            }

            last = last < 0 || length[i] > length[last] ? i : last;
        }

        var inOrder = new HashSet<int>();
        for (; last >= 0; last = before[last])
        {
            inOrder.Add(last);
        }

        return places.Where((_, i) => !inOrder.Contains(i));
    }

    private void CountUnrecorded(string alertId, long at, string kind)
    {
        if (at < settled)
        {
            Before++;
            Old[Events] += at < began ? 1 : 0;
        }
        else
        {
            findings.Add(EvidenceProblems.RowInserted, null, null, Events, alertId, $"no entry records the event '{kind}' of alert {alertId}");
        }
    }

    private async Task CheckCallsAsync(DbSession db)
    {
        var table = EvidenceTable.AuditLog;
        var left = recorded.Calls.ToDictionary(call => call.Key, call => call.Value.Times);
        var unrecorded = new List<(string RequestId, long N, long At)>();
        await PagedRows.EachAsync(db, $"{table.Selected}, n", table.Name, "n", row =>
        {
            var digest = RecordedRows.Digest(table.Image(row));
            if (left.TryGetValue(digest, out var times) && times > 0)
            {
                left[digest] = times - 1;
                ComparedCalls++;
            }
            else
            {
                unrecorded.Add((row.Text(0), row.GetInt64(table.Columns.Count), row.GetInt64(1)));
            }
        });
        foreach (var call in left.Where(call => call.Value > 0).Select(call => recorded.Calls[call.Key]))
        {
            // A changed row still has its request id, unless that is what was changed.
            var changed = unrecorded.FindIndex(row => row.RequestId == call.RequestId);
            if (changed >= 0)
            {
                findings.Add(
                    EvidenceProblems.RowChanged, call.Chain, call.Sequence, table.Name, call.RequestId,
                    $"the row n = {unrecorded[changed].N} of request {call.RequestId} is not as it was written");
                unrecorded.RemoveAt(changed);
            }
            else if (call.At >= recorded.CallsPrunedBefore)
            {
                findings.Add(EvidenceProblems.RowDeleted, call.Chain, call.Sequence, table.Name, call.RequestId, $"the row of request {call.RequestId} is gone");
            }
        }

        Old[table.Name] = unrecorded.Count(row => row.At < settled && row.At < began);
        CallsBefore = unrecorded.RemoveAll(row => row.At < settled);
        foreach (var (requestId, n, _) in unrecorded)
        {
            findings.Add(EvidenceProblems.RowInserted, null, null, table.Name, requestId, $"no entry records the row n = {n} of request {requestId}");
        }
    }
}
