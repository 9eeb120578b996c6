using RiskMonitor.Risk.Topics;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Topics;

/// <summary>The table of messages that wait to be published.</summary>
internal sealed class TopicOutbox(IDatabase database) : ITopicOutbox
{
    private const string Insert =
        """
        INSERT INTO topic_outbox (subject, subject_key, sequence, part, at, type, trace_parent, body)
        VALUES (@Subject, @SubjectKey, @Sequence, @Part, @At, @Type, @TraceParent, @Body)
        """;

    /// <summary>Adds a message within the transaction that stores what it tells.</summary>
    public static Task AddAsync(DbSession db, TopicMessage message) => db.ExecuteAsync(Insert, new
    {
        Subject = message.Place.Kind.Name(),
        SubjectKey = message.Place.Key,
        message.Place.Sequence,
        message.Place.Part,
        At = message.At.Stored(),
        message.Type,
        message.TraceParent,
        message.Body,
    });

    /// <summary>
    /// The subjects of the oldest messages come first, so that none waits behind others that go on adding theirs. Of each subject all of its messages up to
    /// there come in their order: clocks of silos differ, so an earlier message may say a later time.
    /// </summary>
    public async Task<IReadOnlyList<TopicMessage>> NextAsync(int atMost, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            ReadPool.LookUp,
            db => db.ListAsync(
                """
                SELECT m.subject, m.subject_key, m.sequence, m.part, m.type, m.at, m.body, m.trace_parent
                FROM topic_outbox m
                JOIN (
                    SELECT subject, subject_key, max(sequence) AS last
                    FROM (SELECT subject, subject_key, sequence FROM topic_outbox ORDER BY at LIMIT @AtMost) oldest
                    GROUP BY subject, subject_key) due
                ON due.subject = m.subject AND due.subject_key = m.subject_key AND m.sequence <= due.last
                ORDER BY m.subject, m.subject_key, m.sequence, m.part LIMIT @AtMost
                """,
                row => new TopicMessage(
                    new TopicPlace(TopicSubjects.Parse(row.Text(0)), row.Text(1), row.GetInt64(2), row.GetInt32(3)),
                    row.Text(4),
                    row.Instant(5),
                    row.Text(6),
                    row.StringOrNull(7)),
                new { AtMost = atMost }),
            cancellationToken);

    public Task RemoveAsync(IReadOnlyCollection<TopicMessage> published, CancellationToken cancellationToken)
    {
        var last = published.GroupBy(message => (message.Place.Kind, message.Place.Key))
            .Select(subject => subject.MaxBy(message => (message.Place.Sequence, message.Place.Part))!.Place)
            .Select(place => new { Subject = place.Kind.Name(), SubjectKey = place.Key, place.Sequence, place.Part })
            .ToList();
        return last.Count == 0
            ? Task.CompletedTask
            : database.WriteAsync(
                db => db.ExecuteAsync(
                    """
                    DELETE FROM topic_outbox
                    WHERE subject = @Subject AND subject_key = @SubjectKey AND (sequence < @Sequence OR (sequence = @Sequence AND part <= @Part))
                    """,
                    last),
                cancellationToken);
    }

    public Task<(long Count, DateTimeOffset? Oldest)> WaitingAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            ReadPool.Upkeep,
            async db => (await db.ListAsync("SELECT count(*), min(at) FROM topic_outbox", row => (row.GetInt64(0), row.InstantOrNull(1)))).Single(),
            cancellationToken);

    public Task<int> ExpireAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.WriteAsync(db => db.ExecuteAsync("DELETE FROM topic_outbox WHERE at < @Before", new { Before = before.Stored() }), cancellationToken);
}
