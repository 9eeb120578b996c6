namespace RiskMonitor.McpFrontend.Access;

internal sealed partial class UserDirectory
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The users' table could not be read; the copy in memory is used while it is young")]
    private partial void LogTableUnread(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "User {User} of the users' table is also in the configuration, or looks like one who is, or the monitor itself goes by that name; the one of the table is not let in. Revoke it, or take the name out of the configuration")]
    private partial void LogNamedTwice(string user);
}
