using System.Text;

namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>The text of a <c>CREATE INDEX</c>: SQLite gives the expressions and the condition of an index nowhere else.</summary>
/// <param name="Parts">What is indexed, without ASC and DESC.</param>
/// <param name="Where">The condition of a partial index; null for one of all rows.</param>
internal sealed record IndexText(IReadOnlyList<string> Parts, string? Where)
{
    /// <returns>Null for a text that is no such statement.</returns>
    public static IndexText? Parse(string sql)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        var depth = 0;
        var last = "";
        var isPastParts = false;
        for (var at = 0; at < sql.Length;)
        {
            var token = TokenAt(sql, at);
            at += token.Length;
            if (token.StartsWith("--", StringComparison.Ordinal) || token.StartsWith("/*", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(token))
            {
                part.Append(depth > 0 ? " " : "");
                continue;
            }

            if (isPastParts)
            {
                return new IndexText(parts, token.Equals("WHERE", StringComparison.OrdinalIgnoreCase) ? sql[at..].TrimEnd(' ', ';', '\r', '\n', '\t') : null);
            }

            depth += token == "(" ? 1 : token == ")" ? -1 : 0;
            if (depth == 0 && token == ")" || depth == 1 && token == ",")
            {
                parts.Add(WithoutOrder(part.ToString(), last));
                part.Clear();
                isPastParts = depth == 0;
            }
            else if (depth > 1 || (depth == 1 && token != "("))
            {
                part.Append(token);
            }

            last = token;
        }

        return isPastParts ? new IndexText(parts, null) : null;
    }

    private static string WithoutOrder(string part, string last)
    {
        var text = part.Trim();
        return last.Equals("ASC", StringComparison.OrdinalIgnoreCase) || last.Equals("DESC", StringComparison.OrdinalIgnoreCase)
            ? text[..^last.Length].TrimEnd()
            : text;
    }

    /// <summary>A quoted text or name, a comment, a word, or a single character.</summary>
    private static string TokenAt(string sql, int at)
    {
        var first = sql[at];
        var end = first switch
        {
            '\'' or '"' or '`' => Quoted(sql, at, first),
            '[' => After(sql, "]", at + 1),
            '-' when Follows(sql, at, "--") => After(sql, "\n", at),
            '/' when Follows(sql, at, "/*") => After(sql, "*/", at + 2),
            _ when IsOfWord(first) => Word(sql, at),
            _ => at + 1,
        };
        return sql[at..end];
    }

    private static int Quoted(string sql, int at, char quote)
    {
        for (at++; at < sql.Length; at++)
        {
            if (sql[at] == quote)
            {
                if (at + 1 == sql.Length || sql[at + 1] != quote)
                {
                    return at + 1;
                }

                at++;
            }
        }

        return sql.Length;
    }

    private static int Word(string sql, int at)
    {
        while (at < sql.Length && IsOfWord(sql[at]))
        {
            at++;
        }

        return at;
    }

    private static int After(string sql, string end, int from) => sql.IndexOf(end, from, StringComparison.Ordinal) is var at and >= 0 ? at + end.Length : sql.Length;

    private static bool Follows(string sql, int at, string text) => string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c > 127;
}
