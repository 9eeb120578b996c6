using Microsoft.Extensions.Options;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>How changes travel from a feed to the desks (<c>Ingest:…</c>).</summary>
public sealed class IngestOptions
{
    public const string Section = "Ingest";

    /// <summary>Changes in one call to a desk; a database transaction is not cut for it.</summary>
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>Changes read and not yet answered by their desks; reading waits beyond.</summary>
    public int MaxOutstanding { get; set; } = 50_000;

    /// <summary>Changes that wait for one desk that does not answer; its partition is paused beyond.</summary>
    public int MaxWaitingPerDesk { get; set; } = 5_000;

    /// <summary>Bytes of changes that wait, of desks that answer and of those that do not, each.</summary>
    public long MaxWaitingBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>A desk that has not taken a batch after this long is stuck: neither other desks nor a snapshot wait for it.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Batches that were read and are not done, told apart; more are put together.</summary>
    public int MaxReadMarks { get; set; } = 1_000;

    /// <summary>How often the feed is told how its partitions stand.</summary>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often offsets are stored at the most.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A snapshot of which nothing came for this long has been read.</summary>
    public TimeSpan SnapshotQuietPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A desk that does not answer is called again after this, doubled up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}

internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var problems = new List<string>();
        Check(options.MaxBatch >= 1, nameof(options.MaxBatch), options.MaxBatch, "1 or more (usual: 1000)");
        Check(options.MaxOutstanding >= options.MaxBatch, nameof(options.MaxOutstanding), options.MaxOutstanding, "at least MaxBatch (usual: 50000)");
        Check(options.MaxWaitingPerDesk >= 1, nameof(options.MaxWaitingPerDesk), options.MaxWaitingPerDesk, "1 or more (usual: 5000)");
        Check(options.MaxWaitingBytes >= 1024 * 1024, nameof(options.MaxWaitingBytes), options.MaxWaitingBytes, "1048576 or more (usual: 134217728)");
        Check(options.StuckAfter > TimeSpan.Zero, nameof(options.StuckAfter), options.StuckAfter, "more than 00:00:00 (usual: 00:00:05)");
        Check(options.ReportInterval > TimeSpan.Zero, nameof(options.ReportInterval), options.ReportInterval, "more than 00:00:00 (usual: 00:00:01)");
        Check(options.MaxReadMarks >= 2, nameof(options.MaxReadMarks), options.MaxReadMarks, "2 or more (usual: 1000)");
        Check(options.CheckpointInterval >= TimeSpan.Zero, nameof(options.CheckpointInterval), options.CheckpointInterval, "00:00:00 or more (usual: 00:00:00.05)");
        Check(options.SnapshotQuietPeriod > TimeSpan.Zero, nameof(options.SnapshotQuietPeriod), options.SnapshotQuietPeriod, "more than 00:00:00 (usual: 00:00:05)");
        Check(options.RetryDelay > TimeSpan.Zero, nameof(options.RetryDelay), options.RetryDelay, "more than 00:00:00 (usual: 00:00:00.1)");
        Check(options.MaxRetryDelay >= options.RetryDelay, nameof(options.MaxRetryDelay), options.MaxRetryDelay, "at least RetryDelay (usual: 00:00:05)");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(bool isRight, string key, object value, string remedy)
        {
            if (!isRight)
            {
                problems.Add($"{IngestOptions.Section}:{key} is {value}; set it to {remedy}");
            }
        }
    }
}
