using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Where the changes come from (<c>Kafka:…</c>).</summary>
public sealed class KafkaOptions : KafkaConnection, IValidatableObject
{
    public const string Section = "Kafka";

    /// <summary>The consumer group: all ingests of one monitor have the same.</summary>
    public string GroupId { get; set; } = "riskmonitor";

    /// <summary>The topic of the positions table; it is also the name of the feed.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Where messages go that cannot be read. Null: the topic's last part with <c>.dlq</c>.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>Messages of one partition that were fetched and not processed; the partition is paused beyond.</summary>
    [Bounds(Min = "1", Usual = "5000")]
    public int MaxBufferedMessages { get; set; } = 5_000;

    /// <summary>Bytes of them.</summary>
    [Bounds(Min = "65536", Usual = "16777216")]
    public long MaxBufferedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// An ingest of which the brokers hear nothing for so long loses its partitions to the others; until then they are unread. The brokers refuse less than
    /// their <c>group.min.session.timeout.ms</c> (6 s).
    /// </summary>
    [Bounds(Min = "00:00:01", Usual = "00:00:08")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How often the brokers are asked where the partitions end.</summary>
    [Bounds(Min = "00:00:00.05", Usual = "00:00:01")]
    public TimeSpan EndsInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The topic of unreadable messages.</summary>
    public string DeadLetters => DeadLetterTopic ?? $"{Topic[(Topic.LastIndexOf('.') + 1)..]}.dlq";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        AddProblems(problems);
        problems.Require(!string.IsNullOrWhiteSpace(GroupId), nameof(GroupId), GroupId, "set it to the name of the consumer group (usual: riskmonitor)");
        problems.Require(!string.IsNullOrWhiteSpace(Topic), nameof(Topic), Topic, "set it to the topic of the positions table, such as trading.risk.positions_cdc");
        problems.Require(Topic.Length == 0 || DeadLetters != Topic, nameof(DeadLetterTopic), DeadLetterTopic ?? "", "set it to another topic than Kafka:Topic");
        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class KafkaOptionsValidator : IValidateOptions<KafkaOptions>;
