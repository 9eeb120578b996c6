using RiskMonitor.Host.CommandLine;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host;

/// <summary>One host per data directory: two would answer for the same desks. The lock ends with the process, however it ends.</summary>
internal sealed class DataDirectory : IDisposable
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    private readonly FileStream _lock;
    private readonly string _address;

    private DataDirectory(FileStream @lock, string path)
    {
        _lock = @lock;
        _address = AddressFile(path);
        // A host that was killed leaves its address behind.
        File.Delete(_address);
        IsOpenToOthers = !CloseUnlessShared(path);
    }

    /// <summary>Other accounts of this machine can look into the directory.</summary>
    public bool IsOpenToOthers { get; }

    /// <exception cref="UsageException">It cannot be written, or another host has it.</exception>
    public static DataDirectory Acquire(string path) => TryAcquire(path)
        ?? throw new UsageException($"another RiskMonitor runs on {path}; stop it, or choose another directory: --data DIR", UsageException.NotPossible);

    /// <returns>Null where another host has it.</returns>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static DataDirectory? TryAcquire(string path)
    {
        try
        {
            PrivateFiles.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, exception);
        }

        try
        {
            return new DataDirectory(PrivateFiles.Open(Path.Combine(path, "riskmonitor.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(path, exception);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Where the host that has the directory can be reached from this machine.</summary>
    /// <exception cref="UsageException">The host does not say so; it may be of another version.</exception>
    public static async Task<string> HostOfAsync(string path, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var timer = new PeriodicTimer(s_pollInterval);
        try
        {
            do
            {
                try
                {
                    if (await File.ReadAllTextAsync(AddressFile(path), either.Token) is { Length: > 0 } url)
                    {
                        return url;
                    }
                }
                catch (IOException)
                {
                    // The host has not written its address yet.
                }
            }
            while (await timer.WaitForNextTickAsync(either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }

        throw new UsageException($"another RiskMonitor runs on {path} and does not say where; stop it, or choose another directory: --data DIR", UsageException.NotPossible);
    }

    /// <summary>Writes where the host can be reached, for processes that find the directory taken.</summary>
    public void Announce(string url)
    {
        // The file is renamed into place, so that a reader never sees half an address.
        var part = $"{_address}.new";
        File.Delete(part);
        using (var file = new StreamWriter(PrivateFiles.Open(part, FileMode.CreateNew, FileAccess.Write, FileShare.None)))
        {
            file.Write(url);
        }

        File.Move(part, _address, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_address);
        _lock.Dispose();
    }

    /// <summary>
    /// Closes the directory to other accounts, unless it is shared with them: they write in it or to the trading system's file, or it holds more than the
    /// monitor's data. The trading system's file keeps its own mode.
    /// </summary>
    /// <returns>False where it stays open.</returns>
    private static bool CloseUnlessShared(string path)
    {
        var positions = Path.Combine(path, "positions.db");
        var isShared = PrivateFiles.IsWrittenByOthers(path)
            || (File.Exists(positions) && PrivateFiles.IsWrittenByOthers(positions))
            || Directory.EnumerateFileSystemEntries(path).Any(entry => !IsOurs(Path.GetFileName(entry)));
        return isShared ? !PrivateFiles.IsOpenToOthers(path) : PrivateFiles.Close(path);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("riskmonitor.", StringComparison.Ordinal) || name.StartsWith("positions.db", StringComparison.Ordinal) || name == "replay";

    private static string AddressFile(string path) => Path.Combine(path, "riskmonitor.url");

    private static UsageException NotWritable(string path, Exception exception) =>
        new($"Data is '{path}', which cannot be written ({exception.Message}); choose another directory: --data DIR");
}
