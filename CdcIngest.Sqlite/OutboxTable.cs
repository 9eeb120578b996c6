namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>The table <c>positions</c> as its owner made it.</summary>
/// <param name="Columns">All columns, the owner's own ones included, with their declared types.</param>
/// <param name="Keys">What lets REPLACE remove a row of another id.</param>
/// <param name="RowId">A name of the rowid that no column hides; null where there is none.</param>
/// <param name="IsIdUnique">No two rows can have the same position_id.</param>
/// <param name="IsIdIndexed">A row is found by its position_id without reading all of them.</param>
/// <param name="Doubts">What an operator should know: what this table's types can lose, in sentences.</param>
internal sealed record OutboxTable(
    IReadOnlyList<(string Name, string Type)> Columns,
    IReadOnlyList<ConflictKey> Keys,
    string? RowId,
    bool IsIdUnique,
    bool IsIdIndexed,
    IReadOnlyList<string> Doubts)
{
    /// <summary>position_id keeps whatever type a client writes, so that the number 1 and the text '1' are two rows with one name.</summary>
    public bool KeepsIdsOfAnyType { get; init; }

    /// <summary>The type that a column was declared with, as it is shown: <c>no type</c> where there is none.</summary>
    public string DeclaredType(string column)
    {
        var type = Columns.First(found => found.Name.Equals(column, StringComparison.OrdinalIgnoreCase)).Type;
        return type.Length == 0 ? "no type" : type;
    }
}

/// <summary>A unique constraint or index other than that on position_id alone, or the rowid: REPLACE removes whatever row has the same values.</summary>
/// <param name="Name">For messages.</param>
internal sealed record ConflictKey(string Name, IReadOnlyList<ConflictKeyPart> Parts);

/// <param name="Expression">SQL over the table's columns; NULL where the row is not in the index.</param>
internal sealed record ConflictKeyPart(string Expression, string Collation);

/// <summary><c>positions</c> is there, and nothing can be read from it as it is; the message says why, and what to change.</summary>
internal sealed class UnusableTableException(string message) : Exception(message);
