using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Settings;

namespace RiskMonitor.CdcIngest.Kafka;

/// <summary>Where silos publish what happens to alerts (<c>Kafka:…</c>).</summary>
public sealed class AlertTopicOptions : KafkaConnection, IValidatableObject
{
    public const string Section = "Kafka";

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var problems = new OptionProblems(Section);
        AddProblems(problems);
        return problems.Results();
    }
}

[OptionsValidator]
internal sealed partial class AlertTopicOptionsValidator : IValidateOptions<AlertTopicOptions>;
