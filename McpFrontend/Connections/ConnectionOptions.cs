using Microsoft.Extensions.Options;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>What clients may take of the server before anybody knows who they are (<c>Connections:…</c>).</summary>
public sealed class ConnectionOptions
{
    public const string Section = "Connections";

    /// <summary>Connections of all clients together.</summary>
    public int Most { get; set; } = 4_096;

    /// <summary>Connections of one address (IPv6: of one /64); behind a trusted proxy, requests in flight of one client.</summary>
    public int MostPerAddress { get; set; } = 1_024;

    /// <summary>A connection on which nothing was sent for so long after it was opened is closed.</summary>
    public TimeSpan FirstByteWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The headers of a request must arrive within this time of its first byte.</summary>
    public TimeSpan HeadersWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The body of a request must arrive within this time of its headers.</summary>
    public TimeSpan BodyWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that has answered a request waits so long for the next one.</summary>
    public TimeSpan IdleWithin { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>Bodies that one user may be sending at a time.</summary>
    public int MostBodiesPerUser { get; set; } = 256;
}

internal sealed class ConnectionOptionsValidator : IValidateOptions<ConnectionOptions>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, ConnectionOptions options)
    {
        var problems = new List<string>();
        CheckCount(nameof(options.Most), options.Most, "4096");
        CheckCount(nameof(options.MostPerAddress), options.MostPerAddress, "1024");
        CheckCount(nameof(options.MostBodiesPerUser), options.MostBodiesPerUser, "256");
        CheckTime(nameof(options.FirstByteWithin), options.FirstByteWithin, "00:00:10");
        CheckTime(nameof(options.HeadersWithin), options.HeadersWithin, "00:00:10");
        CheckTime(nameof(options.BodyWithin), options.BodyWithin, "00:00:10");
        CheckTime(nameof(options.IdleWithin), options.IdleWithin, "00:02:10");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckCount(string key, int value, string usual)
        {
            if (value is < 1 or > 1_000_000)
            {
                problems.Add($"{ConnectionOptions.Section}:{key} is {value}; give a number from 1 to 1000000 (usual: {usual})");
            }
        }

        void CheckTime(string key, TimeSpan value, string usual)
        {
            if (value <= TimeSpan.Zero || value > s_longest)
            {
                problems.Add($"{ConnectionOptions.Section}:{key} is {value}; set it above zero and to at most 00:10:00 (usual: {usual})");
            }
        }
    }
}
