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

    /// <summary>A desk that cannot be read is tried again this long after, when somebody asks for it.</summary>
    [Bounds(Min = "00:00:00.01", Usual = "00:00:10")]
    public TimeSpan RetryUnavailable { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows are folded at the latest this long after a change.</summary>
    [Bounds(Min = "00:00:00.1", Usual = "00:00:10")]
    public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class DeskOptionsValidator : IValidateOptions<DeskOptions>;
