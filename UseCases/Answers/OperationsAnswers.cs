using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>Messages of the feed that could not be read, newest first.</summary>
public sealed record DeadLettersAnswer : Answer
{
    internal DeadLettersAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>How many are kept.</summary>
    public required long Total { get; init; }

    public required IReadOnlyList<DeadLetterAnswer> DeadLetters { get; init; }
}

/// <summary>A message that could not be read.</summary>
/// <param name="KeyBase64">Its first bytes.</param>
/// <param name="PayloadBase64">The same.</param>
/// <param name="PayloadBytes">How long it is.</param>
public sealed record DeadLetterAnswer(
    DateTimeOffset At, string Topic, int Partition, long Offset, string Reason, string? PositionId, string KeyBase64, string PayloadBase64, int PayloadBytes)
{
    /// <summary>Enough to see what came.</summary>
    private const int MostBytes = 4096;

    public static DeadLetterAnswer Of(DeadLetter letter) => new(
        letter.At,
        letter.Delivery.Topic,
        letter.Delivery.Partition,
        letter.Delivery.Offset,
        letter.Reason,
        letter.PositionId,
        Base64(letter.Key),
        Base64(letter.Payload),
        letter.Payload.Length);

    private static string Base64(ReadOnlyMemory<byte> bytes) => Convert.ToBase64String(bytes.Span[..Math.Min(bytes.Length, MostBytes)]);
}

/// <summary>The users of the table, by name, revoked ones included.</summary>
public sealed record UsersAnswer : Answer
{
    internal UsersAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required IReadOnlyList<UserAnswer> Users { get; init; }
}

/// <summary>A user; the key itself is known to nobody but its owner.</summary>
/// <param name="Desks">Null: all.</param>
public sealed record UserAnswer(
    string Name, string Role, IReadOnlyList<string>? Desks, string Clearance, string KeyId, DateTimeOffset AddedAt, string AddedBy, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public static UserAnswer Of(StoredUser stored) => new(
        stored.User.Name,
        stored.User.Role.Name(),
        stored.User.Desks,
        stored.User.Clearance.Name(),
        stored.Key.KeyId,
        stored.AddedAt,
        stored.AddedBy,
        stored.RevokedAt,
        stored.RevokedBy);
}

/// <summary>Who asked what, newest first.</summary>
public sealed record AuditAnswer : Answer
{
    internal AuditAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required IReadOnlyList<AuditEntryAnswer> Entries { get; init; }
}

/// <summary>One call, or several within a short time that were refused for the same reason.</summary>
public sealed record AuditEntryAnswer(
    DateTimeOffset At,
    string? User,
    string? Address,
    string Channel,
    string Tool,
    string? Scope,
    string? Clearance,
    string Outcome,
    string CallId,
    double TookMilliseconds,
    string Arguments,
    string? Desk,
    long Calls)
{
    public static AuditEntryAnswer Of(AuditEntry entry) => new(
        entry.At,
        entry.User,
        entry.Address,
        entry.Channel,
        entry.Tool,
        entry.Scope,
        entry.Clearance,
        entry.Outcome,
        entry.RequestId,
        entry.Took.TotalMilliseconds,
        entry.Arguments,
        entry.Desk,
        entry.Calls);
}
