using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Finds out how the owner made <c>positions</c>, from SQLite's own description of it.</summary>
internal sealed class OutboxTableReader(SqliteConnection connection, string path)
{
    private static readonly string s_remedy = $"or name another file with {OutboxFeedOptions.Section}:{nameof(OutboxFeedOptions.Path)}";

    /// <returns>Null where there is no <c>positions</c>.</returns>
    /// <exception cref="UnusableTableException">It is no table that triggers can follow, or columns are missing.</exception>
    public OutboxTable? Read()
    {
        var found = Rows("SELECT type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = 'positions' COLLATE NOCASE");
        if (found.Count == 0)
        {
            return null;
        }

        if (found[0] is not ["table", var withoutRowId, var isStrict])
        {
            throw new UnusableTableException(
                $"positions in '{path}' is a {found[0][0]}, and SQLite has no triggers that tell of changes behind one; "
                + $"make positions a table that holds the rows (and, where the trading system needs it, give the {found[0][0]} another name), {s_remedy}.");
        }

        var columns = Rows("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo('positions') WHERE hidden <> 1");
        RequireColumns([.. columns.Select(column => column[0])]);
        RequireReadable();
        var rowId = withoutRowId == "1" ? null : RowIdName(columns);
        var indexes = Rows("SELECT name, \"unique\", origin, partial FROM pragma_index_list('positions')");
        var keyColumns = columns.Where(column => column[3] != "0").ToList();
        var isIdRowId = rowId is not null && keyColumns is [var only] && IsId(only[0]) && indexes.All(index => index[2] != "pk");
        var doubts = new List<string>();
        var keys = new List<ConflictKey>();
        var isUnique = isIdRowId;
        var isIndexed = isIdRowId;
        foreach (var index in indexes)
        {
            var parts = Rows($"SELECT coalesce(name, ''), cid, coll FROM pragma_index_xinfo({Text(index[0])}) WHERE key = 1 ORDER BY seqno");
            var isOfIdAlone = parts is [var single] && IsId(single[0]);
            isIndexed |= index[3] == "0" && IsId(parts[0][0]);
            if (index[1] == "0")
            {
                continue;
            }

            isUnique |= isOfIdAlone && index[3] == "0";
            if ((!isOfIdAlone || !parts[0][2].Equals("BINARY", StringComparison.OrdinalIgnoreCase)) && Key(index, parts, doubts) is { } key)
            {
                keys.Add(key);
            }
        }

        if (rowId is not null && !isIdRowId)
        {
            keys.Add(new ConflictKey("rowid", [new(rowId, "BINARY")]));
        }

        AddDoubts(columns, isStrict == "1", isUnique, doubts);
        return new OutboxTable([.. columns.Select(column => (column[0], column[1]))], keys, rowId, isUnique, isIndexed, doubts)
        {
            KeepsIdsOfAnyType = Affinity(columns.First(column => IsId(column[0]))[1], isStrict == "1") == "NONE",
        };
    }

    private ConflictKey? Key(string[] index, List<string[]> parts, List<string> doubts)
    {
        var text = index[2] == "c" ? IndexText.Parse(Rows($"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = {Text(index[0])}")[0][0]) : null;
        var key = new List<ConflictKeyPart>();
        for (var i = 0; i < parts.Count; i++)
        {
            var isExpression = parts[i][1] == "-2";
            var expression = !isExpression ? Quote(parts[i][0])
                : text is null || text.Parts.Count != parts.Count ? null
                : text.Where is null ? text.Parts[i] : $"CASE WHEN {text.Where} THEN {text.Parts[i]} END";
            var collation = CanRun($"SELECT 'a' = 'b' COLLATE {Quote(parts[i][2])}") ? parts[i][2] : "BINARY";
            if (expression is null || (isExpression && !CanRun($"SELECT {expression} FROM positions LIMIT 0")))
            {
                doubts.Add(
                    $"the unique index {index[0]} has an expression that only the trading system can evaluate: "
                    + "a row that REPLACE removes because of it is noticed by the next comparison with the table, not at once");
                return null;
            }

            key.Add(new ConflictKeyPart(expression, collation));
        }

        return new ConflictKey(index[0], key);
    }

    private void RequireColumns(List<string> found)
    {
        var missing = OutboxColumn.All.Select(column => column.Name).Where(name => !found.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (missing.Count > 0)
        {
            throw new UnusableTableException($"The table positions in '{path}' has no column {string.Join(", ", missing)}; add what is missing, {s_remedy}.");
        }
    }

    // A generated column may need a function or a collation that only the trading system has.
    private void RequireReadable()
    {
        foreach (var column in OutboxColumn.All)
        {
            try
            {
                Rows($"SELECT {column.Name} FROM positions LIMIT 0");
            }
            catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
            {
                throw new UnusableTableException($"The column {column.Name} of positions in '{path}' cannot be read here: {e.Message}; make it a stored column, {s_remedy}.");
            }
        }
    }

    private static void AddDoubts(List<string[]> columns, bool isStrict, bool isIdUnique, List<string> doubts)
    {
        if (!isIdUnique)
        {
            doubts.Add("position_id is neither the primary key nor unique: positions of which there are several rows cannot be read. An index positions_outbox_by_id is added where none finds a position by its id");
        }

        foreach (var column in OutboxColumn.All.Where(column => column.Kind == OutboxColumnKind.Amount))
        {
            var type = columns.First(found => found[0].Equals(column.Name, StringComparison.OrdinalIgnoreCase))[1];
            switch (Affinity(type, isStrict))
            {
                case "TEXT":
                    doubts.Add(
                        $"{column.Name} is declared {type}: a number that is written without quotes becomes text in the client's SQLite, which may change it beyond the "
                        + "15th digit (from 3.53 on 12345678901.2345 becomes 12345678901.234501), and what was written cannot be told; write amounts in quotes, or declare the column without a type");
                    break;
                case "NUMERIC":
                    doubts.Add($"{column.Name} is declared {type}, which SQLite keeps as a float: of an amount of more than 15 digits the rest is lost before anybody can read it; declare the column without a type, and write such amounts in quotes");
                    break;
            }
        }
    }

    /// <summary>Rules of https://www.sqlite.org/datatype3.html#determination_of_column_affinity; INTEGER, REAL and NUMERIC are alike here.</summary>
    private static string Affinity(string type, bool isStrict)
    {
        bool Has(string word) => type.Contains(word, StringComparison.OrdinalIgnoreCase);
        return Has("INT") ? "NUMERIC"
            : Has("CHAR") || Has("CLOB") || Has("TEXT") ? "TEXT"
            : Has("BLOB") || type.Length == 0 || (isStrict && type.Equals("ANY", StringComparison.OrdinalIgnoreCase)) ? "NONE"
            : "NUMERIC";
    }

    private static string? RowIdName(List<string[]> columns) => new[] { "rowid", "_rowid_", "oid" }
        .FirstOrDefault(name => columns.All(column => !column[0].Equals(name, StringComparison.OrdinalIgnoreCase)));

    private static bool IsId(string column) => column.Equals("position_id", StringComparison.OrdinalIgnoreCase);

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private bool CanRun(string sql)
    {
        try
        {
            Rows(sql);
            return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            return false;
        }
    }

    private List<string[]> Rows(string sql)
    {
        using var command = connection.Command(sql);
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }
}
