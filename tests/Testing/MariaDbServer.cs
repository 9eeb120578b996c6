using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RiskMonitor.Testing;

/// <summary>
/// A MariaDB server as a process of its own, with a private data directory and port. It ends with the tests, however they end. Needs the Debian package
/// mariadb-server; a caller asks <see cref="Missing"/> first.
/// </summary>
internal sealed class MariaDbServer : IAsyncDisposable
{
    /// <summary>Has every right, from this machine.</summary>
    public const string User = "tester";

    public const string Password = "for tests only";

    private readonly string _directory;
    private Process? _process;

    private MariaDbServer(string directory, int port)
    {
        _directory = directory;
        Port = port;
    }

    /// <summary>Why there is no server; null where there can be one.</summary>
    public static string? Missing => Find("mariadbd") is null ? "the mariadbd program is not installed (Debian package mariadb-server)" : null;

    public int Port { get; }

    /// <summary>The server's process; null before it was started.</summary>
    public int? Id => _process?.Id;

    private string Socket => Path.Combine(_directory, "mariadb.sock");

    private string Data => Path.Combine(_directory, "data");

    public static async Task<MariaDbServer> StartAsync()
    {
        var server = new MariaDbServer(Directory.CreateTempSubdirectory("riskmonitor-mariadb-").FullName, FreePort());
        await RunAsync("mariadb-install-db", "--no-defaults", $"--datadir={server.Data}", $"--user={Environment.UserName}", "--auth-root-authentication-method=normal", "--skip-test-db");
        await server.StartProcessAsync();
        await server.ExecuteAsync($"CREATE USER '{User}'@'127.0.0.1' IDENTIFIED BY '{Password}'; GRANT ALL PRIVILEGES ON *.* TO '{User}'@'127.0.0.1' WITH GRANT OPTION");
        return server;
    }

    /// <summary>As MySqlConnector reads it. The database need not exist.</summary>
    public string ConnectionString(string database) => $"Server=127.0.0.1;Port={Port};User ID={User};Password={Password};Database={database}";

    /// <summary>Runs statements as the administrator.</summary>
    public Task<string> ExecuteAsync(string sql, string? database = null) =>
        RunAsync("mariadb", ["--no-defaults", $"--socket={Socket}", "--user=root", "--batch", "--skip-column-names", .. database is null ? Array.Empty<string>() : [database], "-e", sql]);

    /// <summary>Stops the server in order, and starts it on the same data and port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartProcessAsync();
    }

    public async Task StopAsync()
    {
        if (_process is { HasExited: false })
        {
            await RunAsync("kill", "-TERM", $"{_process.Id}");
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Starts a server that was stopped or killed.</summary>
    public async Task StartProcessAsync()
    {
        _process = ChildProcess.Start(new ProcessStartInfo(
            Find("mariadbd")!,
            [
                "--no-defaults", $"--user={Environment.UserName}", $"--datadir={Data}", $"--socket={Socket}", $"--pid-file={Path.Combine(_directory, "pid")}", $"--port={Port}",
                "--bind-address=127.0.0.1", "--skip-name-resolve", "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M", "--max-connections=400",
                $"--log-error={Path.Combine(_directory, "error.log")}",
            ]));
        await Eventually.SucceedsAsync("MariaDB answers", () => ExecuteAsync("SELECT 1"));
    }

    /// <summary>Ends the server as a crash would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {output}{await errors}");
    }
}
