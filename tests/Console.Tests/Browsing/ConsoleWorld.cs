using RiskMonitor.Host.Tests;
using RiskMonitor.Host.Tests.Hosting;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.WebConsole.Tests.Browsing;

/// <summary>A running host with a small book: two desks within a limit of a million, one in breach that nobody acknowledges.</summary>
internal sealed class ConsoleWorld : IAsyncDisposable
{
    public const string Breached = "Rates";
    public const string Calm = "FX/Forwards";

    private readonly TemporaryDirectory _data = new();
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly (string Name, Role Role, string Desk, Clearance Clearance, ApiKey Key)[] _users;

    private ConsoleWorld(IReadOnlyDictionary<string, string> settings, (string Name, Role Role, string Desk, Clearance Clearance, ApiKey Key)[] users)
    {
        _settings = settings;
        _users = users;
    }

    public TradingClient Trading { get; private set; } = null!;

    public HostProcess Host { get; private set; } = null!;

    public Uri Server => Host.Http.BaseAddress!;

    /// <summary>The id of the open alert.</summary>
    public string AlertId { get; private set; } = "";

    /// <param name="staleAfter">Less than usual, for which no test waits.</param>
    public static Task<ConsoleWorld> StartStaleAsync(TimeSpan staleAfter) =>
        StartWithAsync(new Dictionary<string, string> { ["RiskMonitor__Feed__StaleAfter"] = staleAfter.ToString() });

    public static Task<ConsoleWorld> StartAsync(params (string Name, Role Role, string Desk, Clearance Clearance, ApiKey Key)[] users) =>
        StartWithAsync(new Dictionary<string, string>(), users);

    /// <param name="settings">Of the configuration, beside those of the book.</param>
    public static async Task<ConsoleWorld> StartWithAsync(
        IReadOnlyDictionary<string, string> settings, params (string Name, Role Role, string Desk, Clearance Clearance, ApiKey Key)[] users)
    {
        var world = new ConsoleWorld(settings, users);
        await world.BeginAsync();
        return world;
    }

    public bool HasFile(string name) => Path.Exists(Path.Combine(_data.Path, name));

    /// <summary>Kills the host and starts another one at the same address.</summary>
    public async Task RestartAsync()
    {
        var port = Server.Port;
        await Host.DisposeAsync();
        Host = await StartHostAsync(port);
    }

    /// <summary>Waits for the analysis of the alert, before which it cannot be snoozed.</summary>
    public Task AnalysedAsync() => Eventually.IsTrueAsync(
        "the alert is analysed", async () => (string?)(await Host.GetAsync($"api/v1/alerts/{AlertId}"))["alert"]!["status"] != "pending_analysis");

    public async ValueTask DisposeAsync()
    {
        Trading.Dispose();
        await Host.DisposeAsync();
        _data.Dispose();
    }

    private async Task BeginAsync()
    {
        Host = await StartHostAsync(0);
        if (_users.FirstOrDefault(user => user.Role == Role.Admin).Key is { } admin)
        {
            Host.Http.DefaultRequestHeaders.Authorization = new("Bearer", admin.Reveal());
        }

        Trading = new TradingClient(_data.Path);
        Trading.Open("P1", Calm, 400_000m);
        Trading.Open("P2", Calm, -150_000m);
        Trading.Open("P3", "Credit", 850_000m);
        Trading.Open("P4", Breached, 1_300_000m);
        await Eventually.IsTrueAsync("the breach has its alert", async () => (await Host.AlertsAsync()).Count == 1);
        AlertId = (string)(await Host.AlertsAsync())[0]["alert_id"]!;
    }

    private Task<HostProcess> StartHostAsync(int port)
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000",
        };
        for (var i = 0; i < _users.Length; i++)
        {
            var prefix = $"RiskMonitor__Access__Users__{i}__";
            settings[$"{prefix}Name"] = _users[i].Name;
            settings[$"{prefix}Role"] = _users[i].Role.Name();
            settings[$"{prefix}Desks__0"] = _users[i].Desk;
            settings[$"{prefix}Clearance"] = _users[i].Clearance.Name();
            settings[$"{prefix}KeyHash"] = KeyHash.Of(_users[i].Key).ToString();
        }

        return HostProcess.StartAsync(["--no-demo", "--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", _data.Path], settings);
    }
}
