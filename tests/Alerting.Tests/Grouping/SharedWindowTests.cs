using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Grouping;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Grouping;

/// <summary>A silo's part in the window of an endpoint.</summary>
public sealed class SharedWindowTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Rounds _rounds = new();
    private readonly List<int> _postedBySilo = [];

    [Fact]
    public async Task The_first_message_goes_alone_and_those_that_follow_come_to_the_round_together()
    {
        _rounds.OnEnter = n => n == 1 ? null : Guid.Empty;
        var window = Window();

        using var first = await window.JoinAsync(CancellationToken.None);
        var others = Enumerable.Range(0, 5).Select(_ => window.JoinAsync(CancellationToken.None).AsTask()).ToList();
        await Eventually.IsTrueAsync("they have entered", () => _rounds.Entered == 2);
        _rounds.Turn.SetResult(new RoundTurn(RoundState.Ended));
        var results = await Task.WhenAll((await Task.WhenAll(others)).Select((permit, i) => permit.Group!.SendAsync(Message(i), CancellationToken.None)));

        Assert.Null(first.Group);
        Assert.All(results, result => Assert.Equal(DeliveryOutcome.Delivered, result.Outcome));
        Assert.Equal([5], _rounds.Brought);
        Assert.Empty(_postedBySilo);
    }

    [Fact]
    public async Task Whoever_is_acknowledged_while_it_waits_delays_no_other_silo()
    {
        _rounds.OnEnter = _ => Guid.Empty;
        var window = Window();
        var permits = Enumerable.Range(0, 2).Select(_ => window.JoinAsync(CancellationToken.None).AsTask()).ToList();
        await Eventually.IsTrueAsync("they have entered", () => _rounds.Entered == 1);
        _rounds.Turn.SetResult(new RoundTurn(RoundState.Ended));

        foreach (var permit in await Task.WhenAll(permits))
        {
            permit.Dispose();
        }

        await Eventually.IsTrueAsync("the round has heard that nothing comes", () => _rounds.Brought.SequenceEqual([0]));
    }

    [Fact]
    public async Task Without_an_endpoint_nobody_waits()
    {
        _rounds.OnEnter = _ => Guid.Empty;
        var window = Window();
        var permit = window.JoinAsync(CancellationToken.None).AsTask();
        _rounds.Turn.SetResult(new RoundTurn(RoundState.NoEndpoint, "switched off"));

        Assert.Equal("switched off", (await permit).NoEndpoint);
    }

    [Fact]
    public async Task A_round_that_was_lost_is_entered_again()
    {
        _rounds.OnEnter = _ => Guid.Empty;
        _rounds.Turn.SetResult(new RoundTurn(RoundState.Unknown));
        _rounds.OnWait = n => n == 3 ? new RoundTurn(RoundState.Ended) : null;
        var window = Window();

        using var permit = await window.JoinAsync(CancellationToken.None);

        Assert.NotNull(permit.Group);
        Assert.Equal(3, _rounds.Entered);
    }

    [Fact]
    public async Task A_silo_whose_cluster_does_not_answer_posts_by_itself()
    {
        _rounds.OnEnter = _ => throw new TimeoutException("no silo answers");
        var window = Window();
        var permits = Enumerable.Range(0, 3).Select(_ => window.JoinAsync(CancellationToken.None).AsTask()).ToList();
        await Eventually.IsTrueAsync("it has given up", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return permits.TrueForAll(permit => permit.IsCompleted);
        });

        await Task.WhenAll((await Task.WhenAll(permits)).Select((permit, i) => permit.Group!.SendAsync(Message(i), CancellationToken.None)));

        Assert.Equal(5, _rounds.Entered);
        Assert.Equal([3], _postedBySilo);
    }

    private SharedWindow Window() => new(
        "ops",
        TimeSpan.FromSeconds(3),
        _rounds,
        () => ValueTask.FromResult(DeliveryPermit.Granted(() => { })),
        messages =>
        {
            _postedBySilo.Add(messages.Count);
            return Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        },
        new EndpointLog(NullLogger<EndpointLog>.Instance),
        _time);

    private static OutgoingMessage Message(int i) => new("ops", $"dlv_{i}", Guid.NewGuid(), 1, NotificationKind.Opened, "{}", default);

    private sealed class Rounds : IListRounds
    {
        private int _waits;

        public Func<int, Guid?> OnEnter { get; set; } = _ => null;

        public Func<int, RoundTurn?> OnWait { get; set; } = _ => null;

        public TaskCompletionSource<RoundTurn> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Entered { get; private set; }

        /// <summary>How many messages came each time.</summary>
        public List<int> Brought { get; } = [];

        public Task<Guid?> EnterAsync(string endpoint, Guid member, TimeSpan length) => Task.FromResult(OnEnter(++Entered));

        public Task<RoundTurn> WaitAsync(string endpoint, Guid round) => OnWait(++_waits) is { } turn ? Task.FromResult(turn) : Turn.Task;

        public Task<DeliveryResult> SendAsync(string endpoint, Guid round, Guid member, IReadOnlyList<OutgoingMessage> messages)
        {
            Brought.Add(messages.Count);
            return Task.FromResult(new DeliveryResult(DeliveryOutcome.Delivered, "200"));
        }
    }
}
