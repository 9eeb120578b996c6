namespace RiskMonitor.Storage.Database;

/// <summary>What databases say differently. All other statements of the repositories are in the SQL that SQLite, MySQL and MariaDB share.</summary>
internal abstract class SqlDialect
{
    /// <summary>Begins an INSERT that changes nothing where a row of the same key is stored.</summary>
    public abstract string InsertIfNew { get; }

    /// <summary>Ends a SELECT whose result decides what the same transaction writes. Empty where writers run one after the other anyway.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Follows a table's name and makes the query read it by this index.</summary>
    public abstract string ByIndex(string index);

    /// <summary>The condition that a column is one of the strings of a JSON array.</summary>
    public abstract string IsInJsonArray(string column, string parameter);
}
