using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;

namespace RiskMonitor.Testing.Hosting;

/// <summary>The program in a process of its own, as a user starts it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string ReadyPrefix = "ready ";

    /// <summary>Ends a test that has failed; a loaded machine needs longer than an idle one.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private static readonly string[] s_alarms = ["Warning", "Error", "Critical"];

    /// <summary>Orleans warns of turns and threads that take long, as they may where many programs share the processors.</summary>
    private static readonly string[] s_dependOnLoad = ["Orleans.Runtime.Scheduler", "Orleans.Runtime.Watchdog", "Orleans.Runtime.MembershipService.LocalSiloHealthMonitor"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The built program, for <c>dotnet</c>.</summary>
    public static string Program { get; } =
        typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RiskMonitor.Program").Value!;

    public int Id => _process.Id;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public IReadOnlyCollection<string> Output => _output;

    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts the program and waits until it says that it is ready.</summary>
    public static async Task<HostProcess> StartAsync(IEnumerable<string> options, IReadOnlyDictionary<string, string>? environment = null)
    {
        var host = new HostProcess(Start(options, environment));
        try
        {
            host.Http.BaseAddress = await host._ready.Task.WaitAsync(s_deadline);
        }
        catch (Exception exception)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"the host did not become ready; it said:\n{string.Join('\n', host._output)}\n{host.Errors}", exception);
        }

        return host;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options) => SpeakAsync("", options);

    /// <summary>Likewise, with an environment of its own.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] options) =>
        SpeakAsync("", environment, options);

    /// <summary>Likewise, with something on its stdin.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> SpeakAsync(string input, params string[] options) => SpeakAsync(input, null, options);

    private static async Task<(int ExitCode, string Output, string Errors)> SpeakAsync(string input, IReadOnlyDictionary<string, string>? environment, string[] options)
    {
        using var process = Start(options, environment);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_deadline);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"riskmonitor {string.Join(' ', options)} did not end within {s_deadline}; it said:\n{await output}\n{await errors}");
        }

        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The entries of the log so far.</summary>
    public IReadOnlyList<(string Level, string Category)> Log() =>
    [
        .. Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .Select(line => ((string)line["LogLevel"]!, (string)line["Category"]!)),
    ];

    /// <summary>Warnings and worse, without those that depend on the load of the machine.</summary>
    public IReadOnlyList<(string Level, string Category)> Alarms() =>
        [.. Log().Where(line => s_alarms.Contains(line.Level) && !s_dependOnLoad.Any(line.Category.StartsWith))];

    public async Task<JsonObject> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonObject>(path))!;

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM: the polite request to stop.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(s_deadline);
        return _process.ExitCode;
    }

    /// <summary>Null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the process did not end within {s_deadline}; the last that it said:\n{string.Join('\n', Errors.Split('\n').TakeLast(40))}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends a signal, such as STOP or CONT.</summary>
    public async Task SignalAsync(string name)
    {
        using var signal = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
    }

    private static Process Start(IEnumerable<string> options, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return ChildProcess.Start(start);
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("it ended"));
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line[ReadyPrefix.Length..]));
        }
    }
}
