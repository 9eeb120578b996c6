namespace RiskMonitor.Storage.MySql;

/// <summary>What a connection that writes asks of the server before its transaction.</summary>
internal static class MySqlSession
{
    /// <summary>
    /// A process that stands still, or whose machine has gone without a word, keeps the locks of its open transaction until the server ends the
    /// connection: after 8 hours by default. A write that waits for a lock is repeated, which is better than to wait for the usual 50 s.
    /// </summary>
    public const string Bounds = "SET SESSION wait_timeout = 10, innodb_lock_wait_timeout = 3";

    /// <summary>The pool closes a connection that nobody uses before the server does.</summary>
    public static readonly TimeSpan IdleInPool = TimeSpan.FromSeconds(5);
}
