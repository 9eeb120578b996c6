using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Settings;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Where the changes come from (<c>Kafka:…</c>).</summary>
public sealed class KafkaOptions : IValidatableObject
{
    public const string Section = "Kafka";

    /// <summary>Host and port of some brokers, with commas between them.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The consumer group: all ingests of one monitor have the same.</summary>
    public string GroupId { get; set; } = "riskmonitor";

    /// <summary>The topic of the positions table; it is also the name of the feed.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Where messages go that cannot be read. Null: the topic's last part with <c>.dlq</c>.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>The topic to which silos publish what happens to alerts, and utilisation; it must exist. Empty: nothing is published, and nothing is kept for it.</summary>
    public string AlertTopic { get; set; } = "risk_alerts";

    /// <summary>What readers of that topic may see: desk (aggregates) or trader (everything).</summary>
    public Clearance AlertClearance { get; set; } = Clearance.Desk;

    /// <summary>How often the publisher looks for new messages.</summary>
    [Bounds(Min = "00:00:00.01", Usual = "00:00:00.1")]
    public TimeSpan AlertInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A message that could not be published for so long is given up.</summary>
    [Bounds(Min = "00:01:00", Usual = "7.00:00:00")]
    public TimeSpan AlertRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Plaintext, Ssl, SaslPlaintext or SaslSsl; null: plaintext.</summary>
    public SecurityProtocol? SecurityProtocol { get; set; }

    /// <summary>File with the certificates of the authorities that may sign the brokers'.</summary>
    public string? SslCaLocation { get; set; }

    /// <summary>File with our own certificate, where the brokers ask for one.</summary>
    public string? SslCertificateLocation { get; set; }

    /// <summary>File with the key of our own certificate.</summary>
    public string? SslKeyLocation { get; set; }

    /// <summary>Plain, ScramSha256, ScramSha512, OAuthBearer or Gssapi.</summary>
    public SaslMechanism? SaslMechanism { get; set; }

    public string? SaslUsername { get; set; }

    public string? SaslPassword { get; set; }

    /// <summary>Messages of one partition that were fetched and not processed; the partition is paused beyond.</summary>
    [Bounds(Min = "1", Usual = "5000")]
    public int MaxBufferedMessages { get; set; } = 5_000;

    /// <summary>Bytes of them.</summary>
    [Bounds(Min = "65536", Usual = "16777216")]
    public long MaxBufferedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How often the brokers are asked where the partitions end.</summary>
    [Bounds(Min = "00:00:00.05", Usual = "00:00:01")]
    public TimeSpan EndsInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>An answer of a broker that takes longer is given up and asked for again.</summary>
    [Bounds(Min = "00:00:00.5", Usual = "00:00:05")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Settings of librdkafka by their own names, for what this list lacks. They win over it.</summary>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);

    /// <summary>The topic of unreadable messages.</summary>
    public string DeadLetters => DeadLetterTopic ?? $"{Topic[(Topic.LastIndexOf('.') + 1)..]}.dlq";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        problems.Require(!string.IsNullOrWhiteSpace(BootstrapServers), nameof(BootstrapServers), BootstrapServers, "set it to host:port of the brokers, such as kafka:9092");
        problems.Require(!string.IsNullOrWhiteSpace(GroupId), nameof(GroupId), GroupId, "set it to the name of the consumer group (usual: riskmonitor)");
        problems.Require(!string.IsNullOrWhiteSpace(Topic), nameof(Topic), Topic, "set it to the topic of the positions table, such as trading.risk.positions_cdc");
        problems.Require(
            AlertTopic.Length == 0 || (AlertTopic != Topic && AlertTopic != DeadLetters), nameof(AlertTopic), AlertTopic, "set it to a topic of its own, or to nothing (usual: risk_alerts)");
        problems.Require(Topic.Length == 0 || DeadLetters != Topic, nameof(DeadLetterTopic), DeadLetterTopic ?? "", "set it to another topic than Kafka:Topic");
        problems.Require(IsFile(SslCaLocation), nameof(SslCaLocation), SslCaLocation ?? "", "set it to a file that exists and can be read");
        problems.Require(IsFile(SslCertificateLocation), nameof(SslCertificateLocation), SslCertificateLocation ?? "", "set it to a file that exists and can be read");
        problems.Require(IsFile(SslKeyLocation), nameof(SslKeyLocation), SslKeyLocation ?? "", "set it to a file that exists and can be read");
        problems.Require(
            SslCertificateLocation is null == SslKeyLocation is null, nameof(SslKeyLocation), SslKeyLocation ?? "", "set it together with Kafka:SslCertificateLocation");
        var usesSasl = SecurityProtocol is Confluent.Kafka.SecurityProtocol.SaslPlaintext or Confluent.Kafka.SecurityProtocol.SaslSsl;
        problems.Require(
            SaslMechanism is null || usesSasl, nameof(SecurityProtocol), SecurityProtocol?.ToString() ?? "", "set it to SaslSsl, because Kafka:SaslMechanism is set");
        problems.Require(
            SaslUsername is null == SaslPassword is null, nameof(SaslPassword), SaslPassword is null ? "" : "***", "set it together with Kafka:SaslUsername");
        return problems.Results();

        static bool IsFile(string? path) => path is null || File.Exists(path);
    }
}

[OptionsValidator]
internal sealed partial class KafkaOptionsValidator : IValidateOptions<KafkaOptions>;
