using Microsoft.Extensions.Options;

namespace RiskMonitor.UseCases;

public sealed class UseCaseOptionsValidator : IValidateOptions<UseCaseOptions>
{
    public ValidateOptionsResult Validate(string? name, UseCaseOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Feed))
        {
            problems.Add($"{Key(nameof(options.Feed))} is empty; name the feed (topic) that is ingested (usual: positions_cdc)");
        }

        if (options.ProfileNames.Count == 0)
        {
            problems.Add($"{Key(nameof(options.Profiles))} is '{options.Profiles}'; name at least one limit profile (usual: standard)");
        }

        if (options.HorizonNames.Count == 0)
        {
            problems.Add($"{Key(nameof(options.Horizons))} is '{options.Horizons}'; name at least one horizon (usual: intraday, overnight)");
        }

        if (options.BusinessZone is null)
        {
            problems.Add($"{Key(nameof(options.BusinessTimeZone))} is '{options.BusinessTimeZone}', which is not known here; give an IANA zone, such as Europe/London or UTC"
                + (TimeZoneInfo.GetSystemTimeZones().Count > 1 ? "" : "; this system has no time zone data at all: install the package tzdata"));
        }

        CheckWait(nameof(options.CallTimeout), options.CallTimeout, "00:00:10");
        CheckWait(nameof(options.ReadyTimeout), options.ReadyTimeout, "00:00:03");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckWait(string key, TimeSpan value, string usual)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromMinutes(5))
            {
                problems.Add($"{Key(key)} is {value}; set it above zero and to at most 00:05:00 (usual: {usual})");
            }
        }
    }

    private static string Key(string name) => $"{UseCaseOptions.Section}:{name}";
}
