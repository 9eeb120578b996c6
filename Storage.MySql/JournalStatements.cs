using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;

namespace RiskMonitor.Storage.MySql;

/// <summary>The statements of a group of records.</summary>
internal static class JournalStatements
{
    /// <summary>A statement is ended before it nears the server's largest packet, 16 MB by default.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const string Journal = "INSERT INTO journal (desk_id, sequence, writer, at, earliest, latest, record) VALUES ";

    private const string DeskHeads = "INSERT INTO desks (desk_id, desk, head_sequence, head_writer, limits_version, next_validity, written) VALUES ";

    private const string MoveHeads =
        """

        ON DUPLICATE KEY UPDATE
            head_sequence = VALUES(head_sequence), head_writer = VALUES(head_writer), limits_version = VALUES(limits_version),
            next_validity = VALUES(next_validity), written = written + VALUES(written)
        """;

    private const string Topic = "INSERT INTO topic_outbox (subject, subject_key, sequence, part, at, type, trace_parent, body) VALUES ";

    private const string Outbox = "INSERT INTO outbox (alert_id, desk_id, sequence, recorded_at, report) VALUES ";

    // Columns are set from left to right, so the sequence that all compare with comes last.
    private const string KeepNewest =
        """

        ON DUPLICATE KEY UPDATE
            desk_id = IF(VALUES(sequence) > sequence, VALUES(desk_id), desk_id),
            recorded_at = IF(VALUES(sequence) > sequence, VALUES(recorded_at), recorded_at),
            report = IF(VALUES(sequence) > sequence, VALUES(report), report),
            sequence = GREATEST(sequence, VALUES(sequence))
        """;

    /// <summary>Bounds the session, gives desks that begin a row, and locks the rows of all that nobody else has locked.</summary>
    public static SqlText Heads(IEnumerable<JournalAppend> appends)
    {
        var desks = appends.GroupBy(append => append.Record.Desk, StringComparer.Ordinal).OrderBy(desk => desk.Key, StringComparer.Ordinal).ToList();
        var sql = new SqlText().Add(MySqlSession.Bounds).Add(";\n");
        var begin = desks.Where(desk => desk.First().Record.Sequence == 1).ToList();
        if (begin.Count > 0)
        {
            sql.Add("INSERT INTO desks (desk, head_sequence, head_writer, limits_version) VALUES ");
            foreach (var desk in begin)
            {
                sql.Row(desk.Key, 0, 0, 0);
            }

            sql.Add("\nON DUPLICATE KEY UPDATE desk_id = desk_id;\n");
        }

        sql.Add("SELECT desk_id, desk, head_sequence, head_writer FROM desks FORCE INDEX (desks_by_name) WHERE desk IN (");
        return Names(sql, desks.Select(desk => desk.Key)).Add(") ORDER BY desk FOR UPDATE SKIP LOCKED");
    }

    /// <summary>Which of some desks there are, whoever has locked them.</summary>
    public static SqlText Known(IEnumerable<string> desks) =>
        Names(new SqlText().Add("SELECT desk FROM desks FORCE INDEX (desks_by_name) WHERE desk IN ("), desks).Add(")");

    private static SqlText Names(SqlText sql, IEnumerable<string> desks)
    {
        foreach (var (i, desk) in desks.Index())
        {
            sql.Add(i == 0 ? "" : ", ").Value(desk);
        }

        return sql;
    }

    public static IEnumerable<SqlText> Of(IReadOnlyList<(long DeskId, JournalAppend Append)> accepted, bool isProbe)
    {
        if (isProbe)
        {
            yield return new SqlText().Add("UPDATE write_locks SET value = value + 1 WHERE name = 'probe'");
        }

        if (accepted.Count == 0)
        {
            yield break;
        }

        var records = new SqlText().Add(Journal);
        foreach (var (deskId, append) in accepted)
        {
            if (records.Size > MostBytes)
            {
                yield return records;
                records = new SqlText().Add(Journal);
            }

            var record = append.Record;
            records.Row(deskId, record.Sequence, append.Fence.Number, record.At.Stored(), append.Earliest.Stored(), append.Latest.Stored(), append.Bytes);
        }

        yield return records;

        var heads = new SqlText().Add(DeskHeads);
        foreach (var desk in accepted.GroupBy(row => row.DeskId))
        {
            var (last, written) = (desk.Last().Append, desk.Sum(row => (long)row.Append.Bytes.Length));
            heads.Row(desk.Key, last.Record.Desk, last.Record.Sequence, last.Fence.Number, last.Record.LimitsVersion, last.Record.NextValidityInstant.Stored(), written);
        }

        yield return heads.Add(MoveHeads);

        var outbox = new SqlText().Add(Outbox);
        foreach (var (deskId, append) in accepted)
        {
            foreach (var (alertId, bytes) in append.Outbox)
            {
                outbox.Row(alertId.Stored(), deskId, append.Record.Sequence, append.Record.At.Stored(), bytes);
            }
        }

        if (outbox.Rows > 0)
        {
            yield return outbox.Add(KeepNewest);
        }

        var topic = new SqlText().Add(Topic);
        foreach (var message in accepted.SelectMany(row => row.Append.Messages))
        {
            var place = message.Place;
            topic.Row(place.Kind.Name(), place.Key, place.Sequence, place.Part, message.At.Stored(), message.Type, message.TraceParent, message.Body);
        }

        if (topic.Rows > 0)
        {
            yield return topic;
        }
    }
}
