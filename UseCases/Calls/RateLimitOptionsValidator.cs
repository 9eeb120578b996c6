using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Calls;

public sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    private static readonly TimeSpan s_longestPer = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var problems = new List<string>();
        CheckRate(nameof(options.PerUser), options.PerUser);
        CheckRate(nameof(options.PerTool), options.PerTool);
        CheckRate(nameof(options.Unauthenticated), options.Unauthenticated);
        foreach (var (tool, rate) in options.Tools)
        {
            CheckRate($"{nameof(options.Tools)}:{tool}", rate);
            if (!UseCaseNames.All.Contains(tool, StringComparer.Ordinal))
            {
                var near = NearestNames.To(tool, UseCaseNames.All, 1);
                problems.Add($"{RateLimitOptions.Section}:{nameof(options.Tools)} has '{tool}', which is neither a tool nor another use case; "
                    + (near.Count > 0 ? $"did you mean {near[0]}?" : $"there are {string.Join(", ", UseCaseNames.All)}"));
            }
        }

        Check(options.MostInFlight is >= 1 and <= 100_000, nameof(options.MostInFlight), options.MostInFlight, "give a number from 1 to 100000 (usual: 256)");
        Check(
            options.MostInFlightPerUser is >= 1 and <= 100_000, nameof(options.MostInFlightPerUser), options.MostInFlightPerUser, "give a number from 1 to 100000 (usual: 128, half of MostInFlight)");
        Check(options.MostWaiting is >= 0 and <= 100_000, nameof(options.MostWaiting), options.MostWaiting, "give a number from 0 to 100000 (usual: 256)");
        Check(
            options.MostWait >= TimeSpan.Zero && options.MostWait <= s_longestWait,
            nameof(options.MostWait),
            options.MostWait,
            "give a time from 0 to 10 seconds (usual: 00:00:00.500)");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckRate(string key, RateOptions rate)
        {
            Check(rate.Calls is >= 1 and <= 1_000_000, $"{key}:Calls", rate.Calls, "give a number from 1 to 1000000");
            Check(rate.Burst is >= 1 and <= 10_000_000, $"{key}:Burst", rate.Burst, "give a number from 1 to 10000000; below 1 nothing could ever be asked");
            Check(rate.Per > TimeSpan.Zero && rate.Per <= s_longestPer, $"{key}:Per", rate.Per, "give a time above zero and of at most a day, such as 00:00:01");
        }

        void Check(bool isRight, string key, object value, string remedy)
        {
            if (!isRight)
            {
                problems.Add($"{RateLimitOptions.Section}:{key} is {value}; {remedy}");
            }
        }
    }
}
