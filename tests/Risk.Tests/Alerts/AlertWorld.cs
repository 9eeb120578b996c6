using System.Globalization;
using System.Text.RegularExpressions;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Tests.Desks;

namespace RiskMonitor.Risk.Tests.Alerts;

/// <summary>
/// One alert among everything that may happen to it: reports in any order, turns, results, lost processes, clocks that jump. It stores steps and
/// begins their work as the grain does, and knows what was really posted.
/// </summary>
internal sealed partial class AlertWorld
{
    private readonly AlertLifecycle _life = new(AlertPolicy.Default, AlertDocument.WebhookBody);
    private readonly IReadOnlyList<EpisodeReport> _reports;

    /// <summary>Messages that this process waits to post (null) or posts (the attempt).</summary>
    private readonly Dictionary<string, int?> _workers = [];
    private readonly HashSet<int> _analysing = [];

    /// <summary>Attempts of processes that are gone; their results may come yet.</summary>
    private readonly List<(string DeliveryId, int Attempt)> _orphans = [];
    private readonly HashSet<(string DeliveryId, int Attempt)> _posted = [];
    private readonly List<AlertEvent> _history = [];
    private DateTimeOffset _now = TestDesk.Start;
    private Alert? _alert;
    private KillPoint _kill;

    /// <param name="deltas">The figures of the desk, one report each where it makes one; the limit is 1,000.</param>
    public AlertWorld(params decimal[] deltas)
    {
        var desk = new TestDesk(netLimit: 1_000);
        _reports = [.. deltas.SelectMany(delta => desk.Put("A", delta)?.Outbox ?? [])];
    }

    private enum KillPoint
    {
        None,
        BeforeTheWrite,
        AfterTheWrite,
    }

    public void Do(int what, int which)
    {
        switch (what)
        {
            case 0 or 1:
                Apply(_life.OnReport(_alert, _reports[which % _reports.Count], _now));
                break;
            case 2 when _alert is not null && _analysing.Count > 0:
                var revision = _analysing.ElementAt(which % _analysing.Count);
                _analysing.Remove(revision);
                Apply(_life.Analysed(_alert, revision, new Analysis("text", "{}", "rules"), _now));
                break;
            case 3 or 4 when Waiting.Count > 0:
                Post(Waiting[which % Waiting.Count]);
                break;
            case 5 when Waiting.Count > 0:
                var parked = Waiting[which % Waiting.Count];
                _workers.Remove(parked);
                Apply(_life.WithoutEndpoint(_alert!, parked, "none is set", _now));
                break;
            case 6 or 7 or 8 when Posting.Count > 0:
                var (deliveryId, attempt) = Posting[which % Posting.Count];
                _workers.Remove(deliveryId);
                End(deliveryId, attempt, what switch { 6 => DeliveryOutcome.Delivered, 7 => DeliveryOutcome.Failed, _ => DeliveryOutcome.Gone });
                break;
            case 9 when _orphans.Count > 0:
                var orphan = _orphans[which % _orphans.Count];
                End(orphan.DeliveryId, orphan.Attempt, which % 3 == 0 ? DeliveryOutcome.Delivered : DeliveryOutcome.Failed);
                break;
            case 10 when _alert is not null:
                Ack(which);
                break;
            case 11:
                _now += TimeSpan.FromSeconds(which % 90);
                break;
            case 12:
                _now += TimeSpan.FromHours(which % 30) * (which % 2 == 0 ? 1 : -1);
                break;
            case 13 when _alert is not null:
                Apply(_life.Evaluate(_alert, _now, resumed: false));
                break;
            case 14:
                Kill();
                break;
            case 15:
                _kill = which % 2 == 0 ? KillPoint.BeforeTheWrite : KillPoint.AfterTheWrite;
                break;
            case 16 when _alert is not null && _life.Replay(_alert, "operator", _now) is { } replay:
                Apply(replay);
                break;
        }

        Check();
    }

    /// <summary>From here on everything works: the alert must reach its reader, and come to rest.</summary>
    public void Settle()
    {
        _kill = KillPoint.None;
        Apply(_life.OnReport(_alert, _reports[^1], _now));
        Kill();
        for (var i = 0; i < 100 && !IsAtRest; i++)
        {
            foreach (var revision in _analysing.ToList())
            {
                _analysing.Remove(revision);
                Apply(_life.Analysed(_alert!, revision, new Analysis("text", "{}", "rules"), _now));
            }

            foreach (var waiting in Waiting)
            {
                Post(waiting);
            }

            foreach (var (deliveryId, attempt) in Posting)
            {
                _workers.Remove(deliveryId);
                End(deliveryId, attempt, DeliveryOutcome.Delivered);
            }

            Check();
            if (_workers.Count == 0 && _analysing.Count == 0 && !IsAtRest)
            {
                _now = _alert!.NextAttemptAt > _now ? _alert.NextAttemptAt.Value : _now;
                Apply(_life.Evaluate(_alert, _now, resumed: false));
            }
        }

        Assert.True(IsAtRest, $"the alert is {_alert!.Status}, its next attempt {_alert.NextAttemptAt:O}, now {_now:O}");
        Assert.True(_alert.Status == AlertStatus.DeadLetter || _alert.Acknowledgement is not null || _alert.Notice!.DeliveredAt is not null);
    }

    private List<string> Waiting => [.. _workers.Where(worker => worker.Value is null).Select(worker => worker.Key)];

    private List<(string DeliveryId, int Attempt)> Posting => [.. _workers.Where(worker => worker.Value is not null).Select(worker => (worker.Key, worker.Value!.Value))];

    private bool IsAtRest => _workers.Count == 0 && _analysing.Count == 0
        && _alert is { Status: AlertStatus.Delivered or AlertStatus.Consumed or AlertStatus.DeadLetter } && _alert.CureNotice is not { IsPending: true };

    private void Post(string deliveryId)
    {
        var step = _life.Begin(_alert!, deliveryId, _now);
        if (!step.Changed)
        {
            _workers.Remove(deliveryId);
            return;
        }

        var attempt = (step.Alert.Notice?.DeliveryId == deliveryId ? step.Alert.Notice : step.Alert.CureNotice)!.Attempts;
        Apply(step);
        if (_workers.TryGetValue(deliveryId, out var begun) && begun is null && Find(deliveryId)?.InFlight == true)
        {
            _workers[deliveryId] = attempt;
            _posted.Add((deliveryId, attempt));
        }
    }

    private void End(string deliveryId, int attempt, DeliveryOutcome outcome) =>
        Apply(_life.Attempted(_alert!, deliveryId, attempt, new DeliveryResult(outcome, outcome.ToString()), _now, 0.5));

    private void Ack(int which)
    {
        var standing = _alert!.Status == AlertStatus.Consumed ? _alert.Acknowledgement : null;
        var (step, answer) = _life.Acknowledge(_alert, new AckRequest($"rm-{which % 3}", null, null, null, null, null), _now);
        if (standing is not null)
        {
            Assert.Equal((AckOutcome.Repeated, standing.By, standing.At), (answer.Outcome, answer.By, answer.ConsumedAt!.Value));
            Assert.False(step.Changed);
        }

        Apply(step);
    }

    private void Apply(AlertStep step)
    {
        if (_kill == KillPoint.BeforeTheWrite)
        {
            Kill();
            return;
        }

        if (step.Changed)
        {
            Assert.True(step.Alert.Report.Sequence >= (_alert?.Report.Sequence ?? 0));
            _alert = step.Alert;
            _history.AddRange(step.Events);
        }

        if (_kill == KillPoint.AfterTheWrite)
        {
            Kill();
            return;
        }

        foreach (var work in step.Work)
        {
            _ = work switch
            {
                PostMessage post => _workers.TryAdd(post.Notification.DeliveryId, null),
                AnalyseBreach analyse => _analysing.Add(analyse.Revision),
                _ => throw new InvalidOperationException(),
            };
        }
    }

    private void Kill()
    {
        _kill = KillPoint.None;
        _orphans.AddRange(Posting);
        _workers.Clear();
        _analysing.Clear();
        if (_alert is not null)
        {
            Apply(_life.Evaluate(_alert, _now, resumed: true));
        }
    }

    private Notification? Find(string deliveryId) =>
        _alert!.Notice?.DeliveryId == deliveryId ? _alert.Notice : _alert.CureNotice?.DeliveryId == deliveryId ? _alert.CureNotice : null;

    private void Check()
    {
        if (_alert is null)
        {
            Assert.Empty(_history);
            return;
        }

        // The history is whole and in order.
        Assert.Equal("opened", _history[0].Kind);
        Assert.Single(_history, happened => happened.Kind == "opened");
        Assert.Equal(Enumerable.Range(2, _alert.Revision - 1), _history.Where(happened => happened.Kind == "escalated").Select(happened => happened.Revision));
        Assert.Equal(_alert.Episode.IsOpen ? 0 : 1, _history.Count(happened => happened.Kind == "cured"));

        // One attempt is one post, or the same post made again; it fails once.
        foreach (var message in new[] { _alert.Notice, _alert.CureNotice }.OfType<Notification>())
        {
            var attempts = _posted.Where(post => post.DeliveryId == message.DeliveryId).Select(post => post.Attempt).Order().ToList();
            Assert.InRange(message.Attempts - (attempts.Count == 0 ? 0 : attempts[^1]), 0, 1);
            Assert.InRange(message.Attempts, attempts.Count, 13 + _history.Count(happened => happened.Detail.Contains("Gone", StringComparison.Ordinal)));
        }

        var failures = _history.Where(happened => happened.Kind is "attempt_failed" or "dead_letter").Select(happened => Attempt().Match(happened.Detail).Value).ToList();
        Assert.Equal(failures.Distinct(), failures);
        Assert.All(_history.Where(happened => happened.Kind is "attempt_failed" or "dead_letter" or "delivered"), happened =>
        {
            var of = Attempt().Match(happened.Detail);
            Assert.Contains((of.Groups["id"].Value, int.Parse(of.Groups["n"].Value, CultureInfo.InvariantCulture)), _posted);
        });

        // While something is left to do, the alert has a time at which it is evaluated again.
        var willBeSeen = _alert.NextAttemptAt is not null || _alert.WaitsForEndpoint;
        Assert.True(willBeSeen || _alert.Status is not (AlertStatus.PendingAnalysis or AlertStatus.PendingDelivery));
        Assert.True(willBeSeen || !_alert.Episode.IsOpen || _alert.Status is not (AlertStatus.Delivered or AlertStatus.Consumed));
        Assert.True(willBeSeen || _alert.CureNotice is not { IsPending: true });
        if (_alert.Status == AlertStatus.DeadLetter || (_alert.Status is AlertStatus.Delivered or AlertStatus.Consumed && !_alert.Episode.IsOpen))
        {
            Assert.True(_alert.NextAttemptAt is null || _alert.CureNotice is { IsPending: true });
        }
    }

    [GeneratedRegex(@"^(?<id>dlv_\w+) \S+ attempt (?<n>\d+):")]
    private static partial Regex Attempt();
}
