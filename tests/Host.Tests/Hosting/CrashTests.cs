using System.Globalization;

namespace RiskMonitor.Host.Tests.Hosting;

/// <summary>The host dies (SIGKILL) in the middle of trading, again and again, on the same data.</summary>
public sealed class CrashTests
{
    private const int Crashes = 10;
    private const decimal Limit = 1_000_000m;
    private static readonly string[] Desks = ["Index Options", "FX/Forwards", "Rates"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task However_often_it_is_killed_every_breach_has_one_alert_and_every_alert_is_acknowledged(int seed)
    {
        using var data = new TemporaryDirectory();
        await using var riskManager = await RiskManagerEndpoint.StartAsync();
        var random = new Random(seed);
        var tape = new Tape(random);
        for (var crash = 0; crash < Crashes; crash++)
        {
            await using var host = await StartAsync(riskManager, data);
            using var trading = new TradingClient(data.Path);
            riskManager.Monitor = host.Http.BaseAddress;
            // Half of the times it dies while it waits for the risk manager's answer, the others while it takes trades in.
            var heard = 0;
            var dies = random.Next(2) == 0 ? 1 + random.Next(4) : int.MaxValue;
            riskManager.Received = _ =>
            {
                if (Interlocked.Increment(ref heard) == dies)
                {
                    host.Kill();
                }
            };
            var trades = 20 + random.Next(120);
            for (var trade = 0; trade < trades; trade++)
            {
                tape.Trade(trading);
            }

            host.Kill();
            // What is traded while nobody watches counts as well.
            tape.Trade(trading);
        }

        riskManager.Received = null;
        await using var last = await StartAsync(riskManager, data);
        riskManager.Monitor = last.Http.BaseAddress;
        using var client = new TradingClient(data.Path);
        await Eventually.IsTrueAsync("the desks agree with SQL", () => last.AgreesWithAsync(client.NetDeltas()));
        await Eventually.IsTrueAsync("no alert waits to be acknowledged", async () => (await last.AlertsAsync()).All(alert => (string?)alert["status"] == "consumed"));
        await Eventually.IsTrueAsync("every breach has an alert", async () => (await last.AlertsAsync()).Count >= tape.Episodes.Values.Sum());

        var found = await last.AlertsAsync();
        foreach (var desk in Desks)
        {
            Assert.Equal(
                Enumerable.Range(1, tape.Episodes[desk]),
                found.Where(alert => (string?)alert["desk"] == desk).Select(alert => (int)alert["episode"]!).Order());
        }

        var told = riskManager.Messages.Select(message => (string)message["data"]!["alert_id"]!).ToHashSet();
        Assert.All(found, alert => Assert.Contains((string)alert["alert_id"]!, told));
        Assert.Equal(found.Count, told.Count);
        Assert.Empty(riskManager.Refused);
        await AuditAsync("verify", "--data", data.Path);
        await AuditAsync("completeness", "--from", "2026-01-01", "--data", data.Path);
        foreach (var alert in found.Take(3))
        {
            await AuditAsync("replay", (string)alert["alert_id"]!, "--data", data.Path);
        }
    }

    [Theory(Explicit = true)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public Task The_same_holds_for_other_moments(int seed) => However_often_it_is_killed_every_breach_has_one_alert_and_every_alert_is_acknowledged(seed);

    /// <summary>Whatever was killed, the evidence holds, beside the running host.</summary>
    private static async Task AuditAsync(params string[] options)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(["audit", .. options]);
        Assert.True(exitCode == 0, $"{options[0]}: {output} {errors}");
    }

    private static Task<HostProcess> StartAsync(RiskManagerEndpoint riskManager, TemporaryDirectory data)
    {
        var environment = new Dictionary<string, string> { ["RiskMonitor__Limits__DefaultNetDelta"] = Limit.ToString(CultureInfo.InvariantCulture) };
        // Attempts are counted over all the crashes; the usual ladder would soon have the test wait for minutes.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            environment[string.Create(CultureInfo.InvariantCulture, $"RiskMonitor__Alerting__RetryDelays__{attempt}")] = "00:00:00.2";
        }

        return HostProcess.StartAsync(riskManager.HostOptions(data.Path), environment);
    }

    /// <summary>Random trades, and the breaches that they must have opened: each commit is judged on its own.</summary>
    private sealed class Tape(Random random)
    {
        private readonly Dictionary<string, (string Desk, decimal Delta)> _held = [];
        private int _opened;

        public Dictionary<string, int> Episodes { get; } = Desks.ToDictionary(desk => desk, _ => 0);

        public void Trade(TradingClient client)
        {
            var before = Desks.ToDictionary(desk => desk, Net);
            var delta = Math.Round((decimal)(random.NextDouble() - 0.5) * 1_200_000m, 4);
            var desk = Desks[random.Next(Desks.Length)];
            var held = _held.Keys.Order(StringComparer.Ordinal).ElementAtOrDefault(random.Next(Math.Max(1, _held.Count)));
            switch (held is null || _held.Count < 6 ? 0 : random.Next(4))
            {
                case 0:
                    var id = $"P{++_opened}";
                    client.Open(id, desk, delta);
                    _held[id] = (desk, delta);
                    break;
                case 1:
                    client.Reprice(held!, delta);
                    _held[held!] = _held[held!] with { Delta = delta };
                    break;
                case 2:
                    client.Move(held!, desk);
                    _held[held!] = _held[held!] with { Desk = desk };
                    break;
                default:
                    client.Close(held!);
                    _held.Remove(held!);
                    break;
            }

            foreach (var crossed in Desks.Where(name => Math.Abs(before[name]) <= Limit && Math.Abs(Net(name)) > Limit))
            {
                Episodes[crossed]++;
            }
        }

        private decimal Net(string desk) => _held.Values.Where(position => position.Desk == desk).Sum(position => position.Delta);
    }
}
