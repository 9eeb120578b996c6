using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>What a message says, once read.</summary>
public abstract record DecodedMessage
{
    private DecodedMessage()
    {
    }

    /// <summary>A row as it is now (<paramref name="After"/>), or its deletion.</summary>
    /// <param name="PositionId">Identifies the row: its id, and the other fields of its key.</param>
    /// <param name="After">Null for a delete.</param>
    /// <param name="BeforeDesk">Where the row was before, if the form says so.</param>
    /// <param name="MarksDeletes">The form marks deletes by more than a null value: it is an envelope, or has <c>__deleted</c>.</param>
    /// <param name="Origin">The server and database of the row, or its topic where the form does not name them; null where it was not read.</param>
    public sealed record Row(
        string PositionId,
        Position? After,
        string? BeforeDesk,
        SnapshotMark Snapshot,
        SourcePosition? Source,
        string? TransactionId,
        SourceTime? Time,
        bool MarksDeletes,
        string? Origin = null) : DecodedMessage;

    /// <summary>A null value with a key: a delete, or the tombstone that follows one, depending on the form.</summary>
    public sealed record Tombstone(string PositionId) : DecodedMessage;

    /// <summary>The table was emptied: what is held may be wrong.</summary>
    public sealed record Truncate(SourcePosition? Source, SourceTime? Time) : DecodedMessage;

    /// <summary>The connector lives.</summary>
    public sealed record Heartbeat(DateTimeOffset? At) : DecodedMessage;

    /// <summary>Schema changes, transaction markers and the like: counted, nothing else.</summary>
    /// <param name="Kind">A short name for the metric.</param>
    public sealed record Ignored(string Kind) : DecodedMessage
    {
        public static readonly Ignored SchemaChange = new("schema_change");
        public static readonly Ignored Transaction = new("transaction");
    }

    /// <summary>It is about another table than the one that is watched.</summary>
    /// <param name="Table">Its name as far as the message gives it: <c>db.table</c>, <c>table</c>, or the topic.</param>
    /// <param name="IsKnownFromTopic">The topic's name says so, and with it holds for every message there.</param>
    public sealed record OtherTable(string Table, bool IsKnownFromTopic) : DecodedMessage;

    /// <summary>It cannot be understood; goes to the dead letters.</summary>
    /// <param name="Reason">What was expected, what was found, and where.</param>
    /// <param name="PositionId">Where at least the key can be read.</param>
    public sealed record Unreadable(string Reason, string? PositionId) : DecodedMessage;
}

/// <summary>What a row says of a snapshot.</summary>
public enum SnapshotMark
{
    /// <summary>A live change.</summary>
    None,

    /// <summary>The first row of a snapshot.</summary>
    First,

    /// <summary>A row of a snapshot.</summary>
    Within,

    /// <summary>The last row of a snapshot.</summary>
    Last,

    /// <summary>A row read again while changes go on; the table stays complete.</summary>
    Incremental,

    /// <summary>Read by a snapshot (<c>op=r</c>) of which the form does not say which kind.</summary>
    Unmarked,
}
