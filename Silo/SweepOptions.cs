using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Silo;

/// <summary>How often the sweep looks for unfinished work (<c>Sweep:…</c>).</summary>
public sealed class SweepOptions
{
    public const string Section = "Sweep";

    [Bounds(Min = "00:00:00.05", Usual = "00:00:05")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Skip reports and due times newer than this: their desk or alert is probably still working on them.</summary>
    [Bounds(Min = "00:00:00", Usual = "00:00:02")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many of a kind one sweep takes up; the next sweep takes the rest.</summary>
    [Bounds(Min = "1", Usual = "1000")]
    public int AtMost { get; set; } = 1_000;
}

[OptionsValidator]
internal sealed partial class SweepOptionsValidator : IValidateOptions<SweepOptions>;
