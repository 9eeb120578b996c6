using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Calls;

/// <summary>
/// Writes the audit log beside the calls: together, in their order, by one writer; what waits at the shutdown is written too. Entries of calls
/// that change something are written at once, and their calls wait for them.
/// </summary>
public sealed partial class AuditTrail(IAuditLog log, IOptions<AuditOptions> options, UseCaseMetrics metrics, TimeProvider time, ILogger<AuditTrail> logger) : BackgroundService
{
    /// <summary>So that no other write waits long behind entries.</summary>
    private const int EntriesPerWrite = 250;

    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pruneEvery = TimeSpan.FromHours(1);

    /// <summary>How long a call waits for its entry, and the stop for those that wait.</summary>
    private static readonly TimeSpan s_writeTimeout = TimeSpan.FromSeconds(3);

    private readonly Channel<(AuditEntry Entry, bool IsRefusal)> _waiting =
        System.Threading.Channels.Channel.CreateBounded<(AuditEntry Entry, bool IsRefusal)>(new BoundedChannelOptions(options.Value.MostWaiting) { SingleReader = true });

    private readonly AuditBatch _batch = new(EntriesPerWrite);
    private long _dropped;
    private bool _isFailing;

    /// <summary>Takes an entry, or drops and counts it where too many wait. Never waits.</summary>
    /// <param name="isRefusal">It was refused before any use case: alike ones may be counted in one entry.</param>
    public void Record(AuditEntry entry, bool isRefusal)
    {
        if (!_waiting.Writer.TryWrite((entry, isRefusal)))
        {
            Interlocked.Increment(ref _dropped);
            metrics.AuditDropped();
        }
    }

    /// <summary>Makes an entry durable before something is changed.</summary>
    /// <exception cref="RequestException">It could not be written, so nothing may be changed.</exception>
    public async Task AnnounceAsync(AuditEntry entry)
    {
        try
        {
            await log.AddAsync([entry], CancellationToken.None).WaitAsync(s_writeTimeout, time);
        }
        catch (Exception exception)
        {
            throw new RequestException(RequestError.Unavailable, "the audit log cannot be written just now, so nothing was changed; ask again", inner: exception);
        }
    }

    /// <summary>Writes what became of an announced change before its caller is answered; where that fails, with the entries that wait.</summary>
    public async Task ConcludeAsync(AuditEntry entry)
    {
        try
        {
            await log.AddAsync([entry], CancellationToken.None).WaitAsync(s_writeTimeout, time);
        }
        catch (TimeoutException)
        {
            // It is still being written; a second entry would look like a second call.
        }
        catch (Exception)
        {
            // The writer of what waits logs why, and tries until it succeeds.
            Record(entry, isRefusal: false);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The host's time may be over because other parts took it. What was answered is to be in the audit all the same.
        try
        {
            await WriteAsync(CancellationToken.None).WaitAsync(s_writeTimeout, time, CancellationToken.None);
        }
        catch (TimeoutException timeout)
        {
            LogNotWritten(timeout, _batch.Entries.Count);
        }

        LogDroppedRows();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WriteInterval, time);
        var (reportedAt, pruned) = (time.GetTimestamp(), (long?)null);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(stoppingToken);
            if (time.GetElapsedTime(reportedAt) >= s_reportEvery)
            {
                reportedAt = time.GetTimestamp();
                LogDroppedRows();
            }

            if (pruned is not { } last || time.GetElapsedTime(last) >= s_pruneEvery)
            {
                pruned = time.GetTimestamp();
                await PruneAsync(stoppingToken);
            }
        }
    }

    /// <summary>All that waits. What cannot be written stays for the next time.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (Fill())
            {
                await log.AddAsync(_batch.Entries, cancellationToken);
                _batch.Clear();
                _isFailing = false;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (!_isFailing)
            {
                LogNotWritten(exception, _batch.Entries.Count);
            }

            _isFailing = true;
        }
    }

    private bool Fill()
    {
        while (!_batch.IsFull && _waiting.Reader.TryRead(out var waiting))
        {
            _batch.Add(waiting.Entry, waiting.IsRefusal);
        }

        return _batch.Entries.Count > 0;
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = time.GetUtcNow() - options.Value.Retention;
            while (await log.PruneAsync(before, cancellationToken) > 0)
            {
                // Some at a time, so that other writes come between.
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotPruned(exception);
        }
    }

    private void LogDroppedRows()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            LogDropped(dropped, options.Value.MostWaiting);
        }
    }
}
