using System.Diagnostics;

namespace RiskMonitor.Conformance.Tests;

/// <summary>A program of an npm package, run by the Node.js that <c>install</c> brought beside it.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Why the programs cannot be run; null when they can.</summary>
    internal static string? Lacking { get; } =
        File.Exists(Installed("installed")) ? null
        : File.Exists(Installed("lacking")) ? $"the conformance suite is not installed: {File.ReadAllText(Installed("lacking")).Trim()}"
        : "the conformance suite is not installed: run tests/Conformance.Tests/install, which needs npm";

    /// <summary>A file that came with an npm package.</summary>
    internal static string PackageFile(string package, string path) => Path.Combine(Built.Npm, "node_modules", package, path);

    /// <summary>Runs a program to its end, with a home directory of its own.</summary>
    internal static async Task<NodeRun> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var home = Directory.CreateDirectory(Installed("home")).FullName;
        var start = new ProcessStartInfo(Installed("node_modules/.bin/node"), [Installed($"node_modules/.bin/{program}"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
            Environment = { ["HOME"] = home, ["NO_COLOR"] = "1" },
        };
        using var process = ChildProcess.Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Deadline}; it said:\n{await output}\n{await errors}");
        }

        return new NodeRun(process.ExitCode, await output, await errors);
    }

    private static string Installed(string path) => Path.Combine(Built.Npm, path);
}

internal sealed record NodeRun(int ExitCode, string Output, string Errors)
{
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
