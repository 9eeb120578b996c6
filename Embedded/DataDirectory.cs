using RiskMonitor.Embedded.CommandLine;

namespace RiskMonitor.Embedded;

/// <summary>One host per data directory: two would answer for the same desks. The lock ends with the process, however it ends.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(FileStream @lock)
    {
        _lock = @lock;
    }

    /// <exception cref="UsageException">It cannot be written, or another host has it.</exception>
    public static DataDirectory Take(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, exception);
        }

        try
        {
            return new DataDirectory(new FileStream(Path.Combine(path, "riskmonitor.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(path, exception);
        }
        catch (IOException)
        {
            throw new UsageException($"another RiskMonitor runs on {path}; stop it, or choose another directory: --data DIR", UsageException.NotPossible);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static UsageException NotWritable(string path, Exception exception) =>
        new($"Data is '{path}', which cannot be written ({exception.Message}); choose another directory: --data DIR");
}
