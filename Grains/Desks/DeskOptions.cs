using Microsoft.Extensions.Options;
using RiskMonitor.Settings;

namespace RiskMonitor.Grains.Desks;

/// <summary>How desks keep their journals (<c>Desk:…</c>).</summary>
public sealed class DeskOptions
{
    public const string Section = "Desk";

    /// <summary>Rows are folded once this many positions differ from the last fold.</summary>
    [Bounds(Min = "1", Usual = "5000")]
    public int FoldAfterPositions { get; set; } = 5_000;

    /// <summary>A desk that cannot be read is loaded again at the first call after this time.</summary>
    [Bounds(Min = "00:00:00.01", Usual = "00:00:10")]
    public TimeSpan RetryUnavailable { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows are folded at the latest this long after a change.</summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:10")]
    public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silo compares the journals of its active desks with what they have written, to end an activation that another one has superseded.</summary>
    [Bounds(Min = "00:00:00.05", Usual = "00:00:05")]
    public TimeSpan HeadInterval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class DeskOptionsValidator : IValidateOptions<DeskOptions>;
