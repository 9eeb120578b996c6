namespace RiskMonitor.Storage.Sqlite;

/// <summary>
/// Keeps what the monitor stores to the account that it runs under: names of users, positions and questions concern no other account of this machine. Does
/// nothing on systems without Unix file modes.
/// </summary>
public static class PrivateFiles
{
    /// <summary>0600.</summary>
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0700.</summary>
    public const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode WrittenByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Beside the database itself. SQLite makes them with the database's mode; those of earlier runs may have another.</summary>
    private static readonly string[] s_besideDatabase = ["-wal", "-shm", "-journal"];

    /// <summary>Makes a directory, and those above it, where there is none. One that exists stays as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode);
        }
    }

    /// <summary>Opens a file that is made for this account alone where there is none.</summary>
    public static FileStream Open(string path, System.IO.FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        return new FileStream(path, options);
    }

    /// <summary>Whether others may do anything with a file or directory; false where that cannot be found out.</summary>
    public static bool IsOpenToOthers(string path) => Has(path, Others);

    /// <summary>Whether others write to it, so that it is shared on purpose.</summary>
    public static bool IsWrittenByOthers(string path) => Has(path, WrittenByOthers);

    /// <summary>Takes every right on an existing file or directory from others.</summary>
    /// <returns>False where others still have some: it belongs to another account, or the file system has no modes.</returns>
    public static bool Close(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            if ((File.GetUnixFileMode(path) & Others) != 0)
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~Others);
            }

            return (File.GetUnixFileMode(path) & Others) == 0;
        }
        catch (FileNotFoundException)
        {
            // SQLite removes what lies beside a database by itself.
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Before a database is opened: makes the file where there is none, and closes it and what lies beside it to others.</summary>
    /// <returns>The files that others can still read.</returns>
    public static IReadOnlyList<string> CloseDatabase(string path)
    {
        if (!File.Exists(path))
        {
            // Only a file that is not there: closing one that SQLite has open in this process would end SQLite's locks on it.
            Open(path, System.IO.FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }

        return [.. s_besideDatabase.Select(suffix => path + suffix).Prepend(path).Where(File.Exists).Where(file => !Close(file))];
    }

    private static bool Has(string path, UnixFileMode any)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & any) != 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
