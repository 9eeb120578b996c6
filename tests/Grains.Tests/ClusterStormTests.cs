using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using RiskMonitor.Alerting;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Grains.Alerts;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;

namespace RiskMonitor.Grains.Tests;

/// <summary>Many breaches at once over three silos: an endpoint that people read has one window in the whole cluster.</summary>
public sealed class ClusterStormTests
{
    private const string People = "people";

    /// <summary>An endpoint that gets no alerts, at the same address.</summary>
    private const string Others = "others";

    [Fact]
    public async Task Three_hundred_breaches_in_three_silos_are_one_message_and_one_list_for_people_and_single_messages_for_a_program()
    {
        const int Desks = 300;
        await using var people = await Receiver.StartAsync(200);
        await using var program = await Receiver.StartAsync(200);
        var storm = new Storm(people.Url, program.Url, "00:00:15");
        await using var cluster = await storm.BreakAsync(Desks);

        await Eventually.IsTrueAsync("every alert is delivered everywhere", async () => (await cluster.AlertsAsync()).Count(IsDelivered) == Desks);
        Assert.Equal(2, people.Messages.Count);
        Assert.Equal(Desks, program.Messages.Select(message => message.Id).Distinct().Count());
        var first = Text(people.Messages.First());
        var list = await GroupAsync(cluster, Text(people.Messages.Last()));
        Assert.DoesNotContain(AlertGroup.IdPrefix, first, StringComparison.Ordinal);
        Assert.Equal(Desks - 1, list!.Alerts.Select(alert => alert.AlertId).Distinct().Count());
        Assert.Contains($"{Desks - 1} limit breaches", Text(people.Messages.Last()), StringComparison.Ordinal);
        Assert.Equal(3, storm.Members.Count);

        // Each alert's row says what became of its own message, and which list it was in.
        var rows = (await cluster.AlertsAsync()).SelectMany(alert => alert.Notice!.Deliveries).Where(delivery => delivery.Endpoint == People).ToList();
        Assert.All(rows, delivery => Assert.Equal(1, delivery.Attempts));
        Assert.Equal(Desks, rows.Count);
    }

    /// <summary>The silo with the rounds dies, or one that takes part: while messages are gathered, or while the silos bring them.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_silo_that_dies_in_the_middle_loses_no_alert_of_the_list(bool withTheRounds, bool whileBringing)
    {
        const int Desks = 60;
        await using var people = await Receiver.StartAsync(200);
        await using var program = await Receiver.StartAsync(200);
        var storm = new Storm(people.Url, program.Url, "00:00:03");
        await using var cluster = await storm.BreakAsync(Desks);

        await Eventually.IsTrueAsync("the storm is in the middle", () => whileBringing ? storm.HasBrought : storm.IsGathering);
        var rounds = await cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(cluster.Grains.GetGrain<IListRoundsGrain>(People));
        await cluster.KillAsync(withTheRounds ? rounds! : cluster.Silos.First(silo => !silo.Equals(rounds)));

        await Eventually.IsTrueAsync("every alert is delivered everywhere", async () => (await cluster.AlertsAsync()).Count(IsDelivered) == Desks);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in people.Messages.Select(Text))
        {
            if (await GroupAsync(cluster, text) is { } group)
            {
                told.UnionWith(group.Alerts.Select(alert => alert.Desk));
            }
            else
            {
                told.UnionWith(Enumerable.Range(0, Desks).Select(Desk).Where(desk => text.Contains(desk, StringComparison.Ordinal)));
            }
        }

        Assert.Equal(Desks, told.Count);
        Assert.Equal(Desks, program.Messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task More_than_fits_in_one_list_is_several_and_a_silo_that_brings_nothing_does_not_keep_the_others_waiting()
    {
        const int Each = 400;
        await using var people = await Receiver.StartAsync(200);
        await using var program = await Receiver.StartAsync(200);
        await using var cluster = await new Storm(people.Url, program.Url, "00:00:01").BreakAsync(1);
        var alert = await cluster.AlertAsync(IsDelivered, "the alert is delivered");
        var rounds = cluster.Grains.GetGrain<IListRoundsGrain>(Others);
        var length = TimeSpan.FromSeconds(10);
        var members = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToList();

        Assert.Null(await rounds.EnterAsync(members[0], length));
        var round = await rounds.EnterAsync(members[0], length);
        Assert.All(await Task.WhenAll(members.Select(member => rounds.EnterAsync(member, length))), entered => Assert.Equal(round, entered));
        await Eventually.IsTrueAsync("the round has ended", async () => (await rounds.WaitAsync(round!.Value)).State == RoundState.Ended);
        var results = await Task.WhenAll(members.Take(3).Select((member, i) => rounds.SendAsync(round!.Value, member, [.. Enumerable.Range(0, Each).Select(n => Message((i * Each) + n))])));

        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        var lists = new List<int>();
        foreach (var text in people.Messages.Skip(1).Select(Text))
        {
            lists.Add((await GroupAsync(cluster, text))!.Alerts.Count);
        }

        // What comes late on a busy machine is a list of its own.
        Assert.InRange(lists.Count, 2, 3);
        Assert.All(lists, count => Assert.InRange(count, Each, 2 * Each));
        Assert.Equal(3 * Each, lists.Sum());
        Assert.Equal(RoundState.Unknown, (await rounds.WaitAsync(round!.Value)).State);

        OutgoingMessage Message(int n) => new(Others, $"dlv_{n}", alert.AlertId, 1, NotificationKind.Opened, alert.Notice!.Body, alert.Notice.CreatedAt);
    }

    private static bool IsDelivered(Alert alert) => alert.Notice is { Deliveries.Count: 2 } notice && notice.Deliveries.All(delivery => delivery.State == DeliveryState.Delivered);

    private static string Desk(int i) => $"Desk-{i:D3}";

    private static string Text(Received message) => Encoding.UTF8.GetString(message.Body);

    private static async Task<AlertGroup?> GroupAsync(RiskCluster cluster, string text)
    {
        var at = text.IndexOf(AlertGroup.IdPrefix, StringComparison.Ordinal);
        return at < 0 ? null : await cluster.Stored<IAlertGroupStore>().FindAsync(text[at..text.IndexOf('?', at)], CancellationToken.None);
    }

    /// <summary>Silos with endpoints of their own, whose alerts are analysed all at once when all of them are there.</summary>
    private sealed class Storm(string people, string program, string groupWithin) : IAnalyst
    {
        private readonly TaskCompletionSource _allAreThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _hasRound;

        /// <summary>The silos that have asked for a place in a round.</summary>
        public ConcurrentDictionary<Guid, byte> Members { get; } = new();

        /// <summary>A round was begun, and every silo has asked for a place, whichever came first.</summary>
        public bool IsGathering => _hasRound && Members.Count == 3;

        /// <summary>A silo has brought its messages to a round.</summary>
        public bool HasBrought { get; private set; }

        public async Task<RiskCluster> BreakAsync(int desks)
        {
            var cluster = RiskCluster.Prepare();
            cluster.AddServices = Add;
            await RiskCluster.StartAsync(cluster, silos: 3);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, desks),
                async (i, _) => await cluster.ApplyAsync(Desk(i), RiskCluster.Put(i, Desk(i), $"P{i}", 1_500)));
            await Eventually.IsTrueAsync("every alert is there", async () => (await cluster.AlertsAsync()).Count == desks);
            _allAreThere.SetResult();
            return cluster;
        }

        public async Task<Analysis> AnalyseAsync(EpisodeReport report, CancellationToken cancellationToken)
        {
            await _allAreThere.Task;
            return new Analysis(report.Desk, "{}", "rules");
        }

        private void Add(IServiceCollection services)
        {
            services.AddAlerting(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Links:PublicUrl"] = "https://risk.example",
                ["Links:Secret"] = Convert.ToBase64String(new byte[32]),
                ["Alerting:Endpoints:0:Name"] = People,
                ["Alerting:Endpoints:0:Kind"] = "slack",
                ["Alerting:Endpoints:0:Url"] = people,
                ["Alerting:Endpoints:0:GroupWithin"] = groupWithin,
                ["Alerting:Endpoints:2:Name"] = Others,
                ["Alerting:Endpoints:2:Kind"] = "slack",
                ["Alerting:Endpoints:2:Url"] = people,
                ["Alerting:Endpoints:2:Desks:0"] = "none",
                ["Alerting:Endpoints:1:Name"] = "program",
                ["Alerting:Endpoints:1:Url"] = program,
                ["Alerting:Endpoints:1:Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            }).Build());
            services.AddSingleton<IAnalyst>(this);
            services.AddSingleton<IListRounds>(provider => new WatchedRounds(this, new ClusterListRounds(provider.GetRequiredService<IGrainFactory>())));
        }

        private sealed class WatchedRounds(Storm storm, IListRounds rounds) : IListRounds
        {
            public async Task<Guid?> EnterAsync(string endpoint, Guid member, TimeSpan length)
            {
                storm.Members.TryAdd(member, 0);
                var round = await rounds.EnterAsync(endpoint, member, length);
                storm._hasRound |= round is not null;
                return round;
            }

            public Task<RoundTurn> WaitAsync(string endpoint, Guid round) => rounds.WaitAsync(endpoint, round);

            public Task<DeliveryResult> SendAsync(string endpoint, Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages)
            {
                var result = rounds.SendAsync(endpoint, round, member, messages);
                storm.HasBrought = true;
                return result;
            }
        }
    }
}
