using System.Collections.Concurrent;
using System.Diagnostics;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>A server in a process of its own, so that its processor time is told from its clients'.</summary>
internal sealed class ServedProgram : IAsyncDisposable
{
    private const string ReadyPrefix = "ready ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServedProgram(string program, IEnumerable<string> options, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // As the product's host runs.
            Environment = { ["DOTNET_gcServer"] = "1" },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Processor time that it used so far.</summary>
    public TimeSpan Used
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServedProgram> StartAsync(string program, IEnumerable<string> options, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var served = new ServedProgram(program, options, environment);
        try
        {
            served.Address = (await served._ready.Task.WaitAsync(Deadline)).TrimEnd('/');
            return served;
        }
        catch (Exception exception)
        {
            await served.DisposeAsync();
            throw new InvalidOperationException($"{Path.GetFileName(program)} did not become ready; it said:\n{string.Join('\n', served._said)}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("it ended"));
        }
        else if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
        {
            _ready.TrySetResult(line[ReadyPrefix.Length..]);
        }
    }
}
