using System.Diagnostics;

namespace RiskMonitor.Testing;

/// <summary>
/// Starts programs that end with this process, however it ends. A guard reads the ids of the children from a pipe; the system closes the pipe when this
/// process is gone, also after SIGKILL, and the guard kills the children that are left.
/// </summary>
internal static class ChildProcess
{
    // A line "+ID" adds a child, "-ID" forgets one that has ended, so that a reused id is never killed.
    private const string Guard = """
        children=' '
        while read -r line; do
          case $line in
            +*) children="$children${line#+} " ;;
            -*) children=$(printf '%s' "$children" | sed "s/ ${line#-} / /") ;;
          esac
        done
        for child in $children; do kill -KILL "$child"; done
        """;

    private static readonly Lazy<StreamWriter> s_guard = new(StartGuard);

    /// <summary>As <see cref="Process.Start(ProcessStartInfo)"/>.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        var id = process.Id;
        Tell($"+{id}");
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => Tell($"-{id}");
        return process;
    }

    public static Process Start(string program, params IEnumerable<string> arguments) => Start(new ProcessStartInfo(program, arguments));

    private static void Tell(string line)
    {
        lock (s_guard)
        {
            s_guard.Value.WriteLine(line);
        }
    }

    private static StreamWriter StartGuard()
    {
        // A group of its own, so that the key that interrupts the tests does not end the guard before its work.
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Guard]) { RedirectStandardInput = true, RedirectStandardError = true };
        var guard = Process.Start(start)!;
        guard.StandardInput.AutoFlush = true;
        return guard.StandardInput;
    }
}
