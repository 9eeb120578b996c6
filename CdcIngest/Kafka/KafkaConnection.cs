using Confluent.Kafka;
using RiskMonitor.Settings;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>How the brokers are reached (<c>Kafka:…</c>).</summary>
public abstract class KafkaConnection
{
    /// <summary>Host and port of some brokers, with commas between them.</summary>
    public string BootstrapServers { get; set; } = "";

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

    /// <summary>An answer of a broker that takes longer is given up and asked for again.</summary>
    [Bounds(Min = "00:00:00.5", Usual = "00:00:05")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Settings of librdkafka by their own names, for what this list lacks. They win over it.</summary>
    public Dictionary<string, string> Client { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds what is wrong with the connection.</summary>
    internal void AddProblems(OptionProblems problems)
    {
        problems.Require(!string.IsNullOrWhiteSpace(BootstrapServers), nameof(BootstrapServers), BootstrapServers, "set it to host:port of the brokers, such as kafka:9092");
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

        static bool IsFile(string? path) => path is null || File.Exists(path);
    }
}
