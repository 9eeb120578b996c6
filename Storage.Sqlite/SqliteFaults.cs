using Microsoft.Data.Sqlite;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>What errors of SQLite mean.</summary>
internal static class SqliteFaults
{
    /// <summary>The fault is in what is stored: reading it again gives the same.</summary>
    public static bool IsOfTheRow(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_MISMATCH,
        _ => Unreadable.IsOfTheRow(error),
    };

    /// <summary>The fault is in the file or its disk, and not in the write: the same one may succeed later.</summary>
    public static bool IsOfTheFile(Exception error) => error is SqliteException
    {
        SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN
            or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_CORRUPT
    };

    /// <summary>What an operator can do about a file that cannot be opened.</summary>
    public static string RemedyOf(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            "Restore the file from a backup, or move it away together with its -wal and -shm files: a start without it reads the positions again, and has no alerts, limits, users or audit log.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "End the program that holds it locked.",
        _ => "See that there is space on the disk, and that this account may read and write the file and its directory.",
    };
}
