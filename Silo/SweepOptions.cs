using Microsoft.Extensions.Options;

namespace RiskMonitor.Silo;

/// <summary>How often the sweep looks for unfinished work (<c>Sweep:…</c>).</summary>
public sealed class SweepOptions
{
    public const string Section = "Sweep";

    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Skip reports and due times newer than this: their desk or alert is probably still working on them.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many of a kind one sweep takes up; the next sweep takes the rest.</summary>
    public int AtMost { get; set; } = 1_000;
}

internal sealed class SweepOptionsValidator : IValidateOptions<SweepOptions>
{
    public ValidateOptionsResult Validate(string? name, SweepOptions options) =>
        options.Interval < TimeSpan.FromMilliseconds(50)
            ? ValidateOptionsResult.Fail($"{SweepOptions.Section}:{nameof(options.Interval)} is {options.Interval}; set it to 00:00:00.05 or more (usual: 00:00:05)")
        : options.Grace < TimeSpan.Zero
            ? ValidateOptionsResult.Fail($"{SweepOptions.Section}:{nameof(options.Grace)} is {options.Grace}; set it to 00:00:00 or more (usual: 00:00:02)")
        : options.AtMost < 1
            ? ValidateOptionsResult.Fail($"{SweepOptions.Section}:{nameof(options.AtMost)} is {options.AtMost}; set it to 1 or more (usual: 1000)")
        : ValidateOptionsResult.Success;
}
