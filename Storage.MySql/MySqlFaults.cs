using System.Net.Sockets;
using MySqlConnector;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.MySql;

/// <summary>What errors of MySQL and MariaDB mean.</summary>
internal static class MySqlFaults
{
    /// <summary>"Server shutdown in progress" by number; the enumeration has no name for some of what MariaDB sends.</summary>
    private const int ConnectionKilled = 1927;

    /// <summary>The fault is in what is stored: reading it again gives the same.</summary>
    public static bool IsOfTheRow(Exception error) => error is not MySqlException && Unreadable.IsOfTheRow(error);

    /// <summary>The transaction was rolled back because of another one: the same one may succeed at once.</summary>
    public static bool IsOfAnotherTransaction(Exception error) =>
        error is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout };

    /// <summary>The server could not be reached, or the connection was lost: the same work may succeed on a new one.</summary>
    public static bool IsOfTheConnection(Exception error) => error switch
    {
        MySqlException mySql => mySql.ErrorCode is MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.ServerShutdown or MySqlErrorCode.ConnectionCountError
                or MySqlErrorCode.NormalShutdown or MySqlErrorCode.OptionPreventsStatement
            || mySql.Number == ConnectionKilled
            || mySql.InnerException is IOException or SocketException or TimeoutException,
        IOException or SocketException => true,
        _ => false,
    };

    /// <summary>The server is short of something, and not the write wrong.</summary>
    public static bool IsOfTheServer(Exception error) => IsOfAnotherTransaction(error) || IsOfTheConnection(error) || error is MySqlException
    {
        ErrorCode: MySqlErrorCode.RecordFileFull or MySqlErrorCode.DiskFull or MySqlErrorCode.OutOfMemory or MySqlErrorCode.OutOfResources
            or MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.ErrorOnWrite or MySqlErrorCode.QueryInterrupted
    };

    /// <summary>A label for metrics.</summary>
    public static string Reason(Exception error) => error switch
    {
        MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock } => "deadlock",
        MySqlException { ErrorCode: MySqlErrorCode.LockWaitTimeout } => "lock_wait",
        _ => "connection",
    };

    /// <summary>What an operator can do about a server that answers and refuses; null where waiting may help.</summary>
    public static string? RemedyOf(MySqlException error) => error.ErrorCode switch
    {
        MySqlErrorCode.AccessDenied => "Give the right user and password in MySql:ConnectionString, or create the user (deploy/mysql has the statements).",
        MySqlErrorCode.DatabaseAccessDenied or MySqlErrorCode.TableAccessDenied => "Grant the user its rights (deploy/mysql has the statements).",
        MySqlErrorCode.UnknownDatabase => "Create the database (deploy/mysql has the statement), or name another one in MySql:ConnectionString.",
        _ => IsOfTheConnection(error) ? null : "See the server's log, and whether the server is MySQL 8.4 or MariaDB 10.11 or newer.",
    };
}
