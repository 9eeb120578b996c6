using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>How changes travel from a feed to the desks (<c>Ingest:…</c>).</summary>
public sealed class IngestOptions : IValidatableObject
{
    public const string Section = "Ingest";

    /// <summary>Changes in one call to a desk; a database transaction is not cut for it.</summary>
    [Bounds(Min = "1", Usual = "1000")]
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>Calls to desks at a time. Fewer make them larger while there is a backlog; without one no call waits.</summary>
    [Bounds(Min = "1", Usual = "16")]
    public int MaxCalls { get; set; } = 16;

    /// <summary>
    /// While more is there to be read, calls begin only once so many changes wait, so that a backlog makes calls and journal records large; 0: at once. No
    /// change waits for others longer than it was late when it was read, nor than two seconds, and none where the feed has nothing more.
    /// </summary>
    [Bounds(Min = "0", Usual = "25000")]
    public int GatherUpTo { get; set; } = 25_000;

    /// <summary>Changes read and not yet answered by their desks; reading waits beyond.</summary>
    public int MaxOutstanding { get; set; } = 50_000;

    /// <summary>Changes that wait for one desk that does not answer; its partition is paused beyond.</summary>
    [Bounds(Min = "1", Usual = "5000")]
    public int MaxWaitingPerDesk { get; set; } = 5_000;

    /// <summary>Bytes of changes that wait, of desks that answer and of those that do not, each.</summary>
    [Bounds(Min = "1048576", Usual = "134217728")]
    public long MaxWaitingBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>A desk that has not taken a batch after this long is stuck: neither other desks nor a snapshot wait for it.</summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:05")]
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Batches that were read and are not done, tracked one by one; more are merged.</summary>
    [Bounds(Min = "2", Usual = "1000")]
    public int MaxReadMarks { get; set; } = 1_000;

    /// <summary>How often the ingest reports the state of its partitions to the feed.</summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:01")]
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often offsets are stored at the most.</summary>
    [Bounds(Min = "00:00:00", Usual = "00:00:00.05")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A snapshot of which nothing came for this long has been read.</summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:05")]
    public TimeSpan SnapshotQuietPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A call that was not answered after this is repeated; a call to a silo that died would wait for the whole response timeout of Orleans. Null: calls wait
    /// that long. Usual between processes: 2 s.
    /// </summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:02")]
    public TimeSpan? CallTimeout { get; set; }

    /// <summary>
    /// A partition whose first message is a change waits this long for the other partitions to show whether they begin with a snapshot, so that no desk is
    /// judged on a part of its book.
    /// </summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:30")]
    public TimeSpan FirstSnapshotWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A desk that does not answer is called again after this, doubled up to <see cref="MaxRetryDelay"/>.</summary>
    [Bounds(Above = "00:00:00", Usual = "00:00:00.1")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        problems.Require(MaxOutstanding >= MaxBatch, nameof(MaxOutstanding), MaxOutstanding, $"set it to {nameof(MaxBatch)} or more (usual: 50000)");
        problems.Require(MaxRetryDelay >= RetryDelay, nameof(MaxRetryDelay), MaxRetryDelay, $"set it to {nameof(RetryDelay)} or more (usual: 00:00:05)");
        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class IngestOptionsValidator : IValidateOptions<IngestOptions>;
