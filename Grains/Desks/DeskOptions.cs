using Microsoft.Extensions.Options;

namespace RiskMonitor.Grains.Desks;

/// <summary>How desks keep their journals (<c>Desk:…</c>).</summary>
public sealed class DeskOptions
{
    public const string Section = "Desk";

    /// <summary>Rows are folded once this many positions differ from the last fold.</summary>
    public int FoldAfterPositions { get; set; } = 5_000;

    /// <summary>A desk that cannot be read is loaded again at the first call after this time.</summary>
    public TimeSpan RetryUnavailable { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows are folded at the latest this long after a change.</summary>
    public TimeSpan FoldInterval { get; set; } = TimeSpan.FromSeconds(10);
}

internal sealed class DeskOptionsValidator : IValidateOptions<DeskOptions>
{
    public ValidateOptionsResult Validate(string? name, DeskOptions options)
    {
        if (options.FoldAfterPositions < 1)
        {
            return ValidateOptionsResult.Fail($"{DeskOptions.Section}:{nameof(options.FoldAfterPositions)} is {options.FoldAfterPositions}; set it to 1 or more (usual: 5000)");
        }

        if (options.RetryUnavailable < TimeSpan.FromMilliseconds(10))
        {
            return ValidateOptionsResult.Fail($"{DeskOptions.Section}:{nameof(options.RetryUnavailable)} is {options.RetryUnavailable}; set it to 00:00:00.01 or more (usual: 00:00:10)");
        }

        return options.FoldInterval < TimeSpan.FromMilliseconds(100)
            ? ValidateOptionsResult.Fail($"{DeskOptions.Section}:{nameof(options.FoldInterval)} is {options.FoldInterval}; set it to 00:00:00.1 or more (usual: 00:00:10)")
            : ValidateOptionsResult.Success;
    }
}
