using System.Globalization;

namespace RiskMonitor.WebConsole.Parts;

/// <summary>The colours of utilisation, by class. A breach is a breach also where its ratio is not known (a limit of 0).</summary>
public static class HeatScale
{
    private const int Steps = 10;

    public static string ClassOf(decimal? utilisation, string state) => state switch
    {
        "breach" => utilisation is >= 1.5m or null ? "heat-over-2" : utilisation >= 1.2m ? "heat-over-1" : "heat-over-0",
        "warning" => "heat-warning",
        _ => string.Create(CultureInfo.InvariantCulture, $"heat-{(int)Math.Clamp((utilisation ?? 0) * Steps, 0, Steps - 1)}"),
    };
}
