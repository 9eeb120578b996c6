using System.Text.RegularExpressions;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>SQL stays in what MySQL 8.4 and MariaDB 10.11 share: only MariaDB is at hand here, so what only it has is refused by its text, and so is what only MySQL has.</summary>
public sealed partial class CommonSqlTests
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static TheoryData<string, string> Rules => new()
    {
        { @"\bRETURNING\b", "MySQL has no RETURNING" },
        { @"utf8mb4_0900", "MariaDB has no collations of UCA 9.0" },
        { @"utf8mb4_(uca1400|nopad)|_nopad_", "MySQL has neither UCA 14.0 nor nopad collations by these names" },
        { @"VALUES[^;]*\)\s*AS\s+\w+\s*(\(|ON\s+DUPLICATE)", "MariaDB has no alias for the inserted row; VALUES(column) is in both" },
        { @"\bVALUE\s*\(", "VALUE(column) is MariaDB's word for VALUES(column)" },
        { @"\bLATERAL\b", "MariaDB 10.11 has no LATERAL" },
        { @"->>?\s*'", "MariaDB has no JSON path operators" },
        { @"\bJSON_(TABLE|VALUE|ARRAYAGG|OBJECTAGG|SCHEMA_VALID|STORAGE_SIZE|OVERLAPS|QUERY|DETAILED|EXISTS|COMPACT|LOOSE)\b", "not in both, or not with the same text and collation" },
        { @"\bMEMBER\s+OF\b", "MariaDB has no MEMBER OF" },
        { @"\bJSON\s+(NOT\s+)?NULL\b|\s+JSON\s*[,)]", "JSON is a type of its own in MySQL, and LONGTEXT with a check in MariaDB" },
        { @"\bCREATE\s+OR\s+REPLACE\s+(TABLE|INDEX|USER|DATABASE|PROCEDURE)\b", "only MariaDB replaces tables, indexes, users and procedures" },
        { @"\b(CREATE|DROP)\s+(UNIQUE\s+)?INDEX\s+IF\b|\b(ADD|DROP|MODIFY|CHANGE)\s+(COLUMN|INDEX|KEY|CONSTRAINT)\s+IF\b", "MySQL has no IF [NOT] EXISTS for columns and indexes" },
        { @"\b(CREATE\s+SEQUENCE|NEXTVAL|NEXT\s+VALUE\s+FOR|LASTVAL)\b", "MySQL has no sequences" },
        { @"\bFOR\s+(SYSTEM_TIME|PORTION)\b|\bSYSTEM\s+VERSIONING\b", "MySQL has no temporal tables" },
        { @"\b(MINUS|FULL\s+(OUTER\s+)?JOIN)\b", "MySQL has no MINUS, and neither has FULL JOIN" },
        { @"\bINTERSECT\b|\bEXCEPT\b", "MySQL has these from 8.0.31 on, with another precedence in old MariaDB: write EXISTS" },
        { @"\bFOR\s+(UPDATE|SHARE)\s+OF\b|\bFOR\s+SHARE\b", "MariaDB has neither FOR SHARE nor OF" },
        { @"\bFOR\s+UPDATE\s+WAIT\b", "MySQL has no WAIT n" },
        { @"\b(PERSISTENT|INVISIBLE|PAGE_COMPRESSED|PAGE_CHECKSUM)\b", "MariaDB's words for columns and tables" },
        { @"\b(UUID|INET4|INET6)\s+(NOT\s+NULL|NULL|PRIMARY|,)", "types that only MariaDB has" },
        { @"\bBIN_TO_UUID\b|\bUUID_TO_BIN\b|\bREGEXP_LIKE\b|\bANY_VALUE\b|\bGROUPING\b", "functions that only MySQL has" },
        { @"\bREGEXP_(REPLACE|SUBSTR|INSTR)\b", "other regular expressions (ICU and PCRE)" },
        { @"DEFAULT\s*\(", "defaults that are expressions are written otherwise in each" },
        { @"\(\s*\(\s*\w+\s*\(|\bINDEX\s+\w+\s*\(\s*\(", "MariaDB has no index on an expression" },
        { @"OPTIMIZER_SWITCH|SET_VAR|/\*\+", "hints are read by one of them only; FORCE INDEX and STRAIGHT_JOIN by both" },
        { @"/\*M?!", "comments that run in one of them only" },
        { @"\bEXCHANGE\s+PARTITION\b|\bINSTANT\b", "ALTER TABLE options that differ" },
        { @"\bIDENTIFIED\s+(VIA|WITH)\b", "how users sign in is named otherwise in each; IDENTIFIED BY is in both" },
        { @"\bGENERATED\s+ALWAYS\s+AS\s+ROW\b", "MySQL has no temporal tables" },
        { @"\bEXPLAIN\s+ANALYZE\b|\bANALYZE\s+(SELECT|FORMAT)\b", "differs" },
        { @"\bOFFSET\s+\d+\s+ROWS?\b|\bFETCH\s+(FIRST|NEXT)\b", "MySQL has only LIMIT" },
        { @"\bIF\s*\([^)]*\)\s*THEN|\bDELIMITER\b|\bCREATE\s+PROCEDURE\b", "no stored procedures: their languages differ, and they need further rights" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void No_statement_uses_what_only_one_of_them_has(string pattern, string why)
    {
        var found = Statements().Where(sql => Regex.IsMatch(sql.Text, pattern, Options)).Select(sql => sql.Where).ToList();

        Assert.True(found.Count == 0, $"{string.Join(", ", found)}: {why}");
    }

    [Theory]
    [InlineData("INSERT INTO a (b) VALUES (1) RETURNING b")]
    [InlineData("INSERT INTO a (b) VALUES (1) AS new ON DUPLICATE KEY UPDATE b = new.b")]
    [InlineData("SELECT value FROM JSON_TABLE(@a, '$[*]' COLUMNS (value INT PATH '$')) AS t")]
    [InlineData("a VARCHAR(10) COLLATE utf8mb4_0900_bin")]
    [InlineData("CREATE INDEX IF NOT EXISTS a ON b (c)")]
    [InlineData("SELECT 1 FROM a LOCK FOR SHARE")]
    [InlineData("SELECT a->>'$.b' FROM c")]
    public void What_only_one_of_them_has_is_seen(string sql) =>
        Assert.Contains(Rules, rule => Regex.IsMatch(sql, rule.Data.Item1, Options));

    [Fact]
    public void Every_file_with_statements_is_read()
    {
        var files = Statements().Select(sql => sql.Where.Split(' ')[0]).Distinct().ToList();

        Assert.Contains("001_initial.sql", files);
        Assert.Contains("002_orleans.sql", files);
        Assert.Contains("JournalStatements.cs", files);
        Assert.Contains("LimitRows.cs", files);
        Assert.Contains("positions.sql", files);
    }

    /// <summary>The scripts, and all texts of the repositories that are statements or parts of them.</summary>
    private static IEnumerable<(string Where, string Text)> Statements()
    {
        foreach (var (_, name, text) in MySqlSchema.Scripts.All)
        {
            yield return (name, Comment().Replace(text, ""));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "mysql"), "*.sql"))
        {
            yield return (Path.GetFileName(file), Comment().Replace(File.ReadAllText(file), ""));
        }

        foreach (var file in new[] { "Storage", "Storage.MySql" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            {
                continue;
            }

            var n = 0;
            foreach (var text in Literal().Matches(File.ReadAllText(file)).Select(match => match.Value).Where(text => Verb().IsMatch(text)))
            {
                yield return ($"{Path.GetFileName(file)} #{++n}", text);
            }
        }
    }

    [GeneratedRegex("--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b(SELECT|INSERT|REPLACE|UPDATE|DELETE|WHERE|ORDER BY|ON DUPLICATE|VALUES|CREATE|DO|SET)\b")]
    private static partial Regex Verb();
}
