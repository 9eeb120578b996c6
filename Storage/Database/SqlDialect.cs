namespace RiskMonitor.Storage.Database;

/// <summary>What databases say differently. All other statements of the repositories are in the SQL that SQLite, MySQL and MariaDB share.</summary>
internal abstract class SqlDialect
{
    /// <summary>Begins an INSERT that changes nothing where a row of the same key is stored.</summary>
    public abstract string InsertIfNew { get; }

    /// <summary>The function that gives the larger one of its arguments.</summary>
    public abstract string Greatest { get; }

    /// <summary>The function that gives the smaller one of its arguments.</summary>
    public abstract string Least { get; }

    /// <summary>Selects a number that grows with every desk that gets a journal, in the order of the commits.</summary>
    public abstract string NewestDesk { get; }

    /// <summary>Follows a table's name and makes the query read it by this index.</summary>
    public abstract string ByIndex(string index);

    /// <summary>Ends a query whose rows must stay as they are until the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>How long after a schema has moved on programs of the version before may still write: those of a cluster are replaced one by one.</summary>
    public abstract TimeSpan Upgrade { get; }

    /// <summary>The condition that a column is one of the texts of a parameter that <see cref="Texts"/> made.</summary>
    public abstract string IsOneOf(string column, string parameter);

    /// <summary>The value of a parameter for <see cref="IsOneOf"/>.</summary>
    public abstract object Texts(IReadOnlyCollection<string> texts);

    /// <summary>
    /// Makes the transactions that decide by what they read run one after the other, to their ends: those that change limits, say. Does nothing where
    /// the database has one writer anyway.
    /// </summary>
    public abstract Task LockAsync(DbSession db, WriteLock which);
}

/// <summary>What transactions decide on by reading it.</summary>
internal enum WriteLock
{
    /// <summary>No two limits overlap.</summary>
    Limits,

    /// <summary>Each kept state of a desk follows the one before.</summary>
    States,

    /// <summary>No two users have names that look alike.</summary>
    Users,

    /// <summary>One process makes the first key.</summary>
    ProtectionKeys,
}
