using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace RiskMonitor.Silo.Clustering;

/// <summary>
/// Ends the process of a silo that the others have declared dead, or that cannot go on: at once, because others may have its grains already, but with a
/// message and an exit code by which a supervisor knows that it may be started again. Orleans' own handler aborts (exit code 134, as a crash).
/// </summary>
/// <param name="end">Ends the process with an exit code; does not return in a real one.</param>
internal sealed partial class DeclaredDead(ILogger<DeclaredDead> logger, TextWriter errors, Action<int> end) : IFatalErrorHandler
{
    /// <summary>EX_TEMPFAIL of sysexits.h: a temporary failure, try again.</summary>
    public const int ExitCode = 75;

    /// <summary>What runs at the end of a process may hang with whatever made the silo stall.</summary>
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(5);

    private int _isEnding;

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 1)
        {
            return;
        }

        LogEnds(exception, context ?? "");
        errors.WriteLine(
            $"riskmonitor: this silo cannot go on and ends with exit code {ExitCode}, to be started again: {context}{(exception is null ? "" : $" ({exception.Message})")}. "
            + "Where silos are declared dead because their machine stalls, raise Orleans:ProbeTimeout");
        errors.Flush();
        end(ExitCode);
    }

    /// <summary>Ends the process in order, or by force where that takes too long.</summary>
    public static void EndProcess(int exitCode)
    {
        new Thread(() =>
        {
            Thread.Sleep(s_atMost);
            Environment.FailFast("the process of a silo that was declared dead did not end in order");
        })
        { IsBackground = true, Name = "end of a silo" }.Start();
        Environment.Exit(exitCode);
    }

    [LoggerMessage(EventId = 3205, EventName = "silo_ends", Level = LogLevel.Critical, Message = "Notice silo_ends: this silo cannot go on and ends, to be started again: {Context}")]
    private partial void LogEnds(Exception? exception, string context);
}
