using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.McpFrontend.Calls;

/// <summary>Writes the audit log beside the calls: together, in their order, by one writer; what waits at the shutdown is written too.</summary>
internal sealed partial class AuditTrail(IAuditLog log, IOptions<AuditOptions> options, FrontendMetrics metrics, TimeProvider time, ILogger<AuditTrail> logger) : BackgroundService
{
    /// <summary>So that no other write waits long behind entries.</summary>
    private const int EntriesPerWrite = 250;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    private readonly Channel<AuditEntry> _waiting =
        System.Threading.Channels.Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(options.Value.MostWaiting) { SingleReader = true });

    private readonly AuditBatch _batch = new(EntriesPerWrite);
    private long _dropped;
    private bool _isFailing;

    /// <summary>Takes an entry, or drops and counts it where too many wait. Never waits.</summary>
    public void Record(AuditEntry entry)
    {
        if (!_waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref _dropped);
            metrics.AuditDropped();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
        TellDropped();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WriteInterval, time);
        var (told, pruned) = (time.GetTimestamp(), (long?)null);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(stoppingToken);
            if (time.GetElapsedTime(told) >= TellEvery)
            {
                told = time.GetTimestamp();
                TellDropped();
            }

            if (pruned is not { } last || time.GetElapsedTime(last) >= PruneEvery)
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
        while (!_batch.IsFull && _waiting.Reader.TryRead(out var entry))
        {
            _batch.Add(entry);
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

    private void TellDropped()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            LogDropped(dropped, options.Value.MostWaiting);
        }
    }
}
