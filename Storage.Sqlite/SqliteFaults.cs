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
}
