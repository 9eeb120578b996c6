namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>Says at once when a database file, or its log beside it, is written. Best effort: who listens looks now and then anyway.</summary>
internal sealed class FileChangeSignal : IDisposable
{
    private readonly FileSystemWatcher? watcher;
    private readonly string name;
    private TaskCompletionSource change = New();
    private int isReplaced;

    public FileChangeSignal(string path)
    {
        var full = Path.GetFullPath(path);
        name = Path.GetFileName(full);
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!, name + "*")
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += Raise;
            watcher.Created += RaiseReplaced;
            watcher.Deleted += RaiseReplaced;
            watcher.Renamed += RaiseReplaced;
            watcher.Error += Raise;
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // The system has no more watches to give, or the directory is gone.
            Failure = e;
        }
    }

    /// <summary>Why there will be no signals; null when there will.</summary>
    public Exception? Failure { get; }

    /// <summary>Ends with the next change after it was asked for.</summary>
    public Task Next => Volatile.Read(ref change).Task;

    /// <summary>True, once, after the file itself was removed or another one took its place.</summary>
    public bool TryConsumeReplaced() => Interlocked.Exchange(ref isReplaced, 0) == 1;

    public void Dispose() => watcher?.Dispose();

    private void RaiseReplaced(object sender, FileSystemEventArgs e)
    {
        if (e.Name == name || (e as RenamedEventArgs)?.OldName == name)
        {
            Volatile.Write(ref isReplaced, 1);
        }

        Raise(sender, e);
    }

    private void Raise(object sender, EventArgs e) => Interlocked.Exchange(ref change, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
