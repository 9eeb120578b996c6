using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Mcp;

internal sealed class McpOptionsValidator : IValidateOptions<McpOptions>
{
    private const int LeastMessageBytes = 16 * 1024;
    private const int MostMessageBytes = 16 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, McpOptions options)
    {
        var problems = new List<string>();
        if (options.PollEvery < TimeSpan.FromMilliseconds(50) || options.PollEvery > TimeSpan.FromMinutes(1))
        {
            problems.Add($"{Key(nameof(options.PollEvery))} is {options.PollEvery}; set it from 00:00:00.050 to 00:01:00 (usual: 00:00:01)");
        }

        if (options.ListenersPerUser is < 1 or > 1000)
        {
            problems.Add($"{Key(nameof(options.ListenersPerUser))} is {options.ListenersPerUser}; set it from 1 to 1000 (usual: 8)");
        }

        if (options.ListenAtMost < TimeSpan.FromMinutes(1) || options.ListenAtMost > TimeSpan.FromDays(1))
        {
            problems.Add($"{Key(nameof(options.ListenAtMost))} is {options.ListenAtMost}; set it from 00:01:00 to 1.00:00:00 (usual: 01:00:00)");
        }

        if (options.MostMessageBytes is < LeastMessageBytes or > MostMessageBytes)
        {
            problems.Add($"{Key(nameof(options.MostMessageBytes))} is {options.MostMessageBytes}; set it from {LeastMessageBytes} to {MostMessageBytes} (usual: 262144)");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string Key(string name) => $"{McpOptions.Section}:{name}";
}
