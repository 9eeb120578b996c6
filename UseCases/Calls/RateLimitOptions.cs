namespace RiskMonitor.UseCases.Calls;

/// <summary>How often may be asked, and by how many at a time (<c>RateLimit:…</c>).</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>All calls of a user together.</summary>
    public RateOptions PerUser { get; set; } = new() { Calls = 10_000, Per = TimeSpan.FromSeconds(1), Burst = 20_000 };

    /// <summary>The calls of a user of one tool that has no rate of its own in <see cref="Tools"/>.</summary>
    public RateOptions PerTool { get; set; } = new() { Calls = 10_000, Per = TimeSpan.FromSeconds(1), Burst = 20_000 };

    /// <summary>The same, by tool. A question in plain language may cost a language model's answer.</summary>
    public Dictionary<string, RateOptions> Tools { get; set; } = new(StringComparer.Ordinal)
    {
        ["ask_risk"] = new() { Calls = 10, Per = TimeSpan.FromSeconds(1), Burst = 200 },
        // Each leaves an audit entry with a name that its caller chose.
        ["unknown_name"] = new() { Calls = 10, Per = TimeSpan.FromSeconds(1), Burst = 200 },
    };

    /// <summary>Requests without valid credentials, by network address; also wrong guesses at one key.</summary>
    public RateOptions Unauthenticated { get; set; } = new() { Calls = 10, Per = TimeSpan.FromSeconds(1), Burst = 100 };

    /// <summary>Calls that are being answered at a time, of all users together.</summary>
    public int MostInFlight { get; set; } = 256;

    /// <summary>The same for one user, so that no user takes all permits.</summary>
    public int MostInFlightPerUser { get; set; } = 128;

    /// <summary>Calls that wait for their turn; more are refused.</summary>
    public int MostWaiting { get; set; } = 256;

    /// <summary>How long one waits at most.</summary>
    public TimeSpan MostWait { get; set; } = TimeSpan.FromMilliseconds(500);

    internal RateOptions Of(string tool) => Tools.GetValueOrDefault(tool, PerTool);
}

/// <summary>A rate: so many calls in so long, and so many at once after a pause.</summary>
public sealed class RateOptions
{
    public int Calls { get; set; } = 5_000;

    public TimeSpan Per { get; set; } = TimeSpan.FromSeconds(1);

    public int Burst { get; set; } = 10_000;
}
