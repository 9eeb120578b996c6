using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Risk.Desks;

public sealed partial class DeskRisk
{
    private readonly Dictionary<EpisodeKey, Episode> _episodes = [];
    private readonly Dictionary<EpisodeKey, int> _numbersTaken = [];
    private MonitoredLimit[] _monitored = [];
    private bool _hasOpenEpisodes;
    private DateTimeOffset _limitsAsOf;

    /// <summary>The feed's state as the desk last received it. It also applies when a limit is judged later.</summary>
    private FeedState _feedState;

    /// <summary>The next instant at which the limits in force change by themselves; null when they stay.</summary>
    public DateTimeOffset? NextValidityInstant => Limits.NextValidityInstant(_limitsAsOf);

    public IEnumerable<Episode> OpenEpisodes => _episodes.Values.Where(episode => episode.IsOpen);

    private bool ApplyNumbers(NumbersTakenInput input)
    {
        foreach (var (key, number) in input.Numbers)
        {
            _numbersTaken[key] = Math.Max(number, _numbersTaken.GetValueOrDefault(key));
        }

        return input.Numbers.Count > 0;
    }

    private bool ApplyLimits(LimitsInput input, DeskStep? step)
    {
        if (Limits.Equals(input.Limits))
        {
            return false;
        }

        Limits = input.Limits;
        ChooseLimits(input.At);
        JudgeLimits(input, step);
        return true;
    }

    private bool ApplyValidity(ValidityInput input, DeskStep? step)
    {
        if (NextValidityInstant is not { } next || next > input.At)
        {
            return false;
        }

        ChooseLimits(input.At);
        JudgeLimits(input, step);
        return true;
    }

    private void JudgeLimits(DeskInput input, DeskStep? step)
    {
        if (!IsBuilding)
        {
            Judge(new BreachCause(CauseKind.Limit, null, null, null, null, null, input.At), null, input, step);
        }
    }

    /// <summary>Chooses the limits in force at an instant. An episode whose key no longer raises alerts stays monitored, without a limit, until it is cured.</summary>
    private void ChooseLimits(DateTimeOffset instant)
    {
        _limitsAsOf = instant;
        var scope = Limits.Alerting;
        var alerting = RiskMetrics.All.Select(metric => new EpisodeKey(metric, scope.Horizon, scope.Profile)).ToList();
        var dropped = OpenEpisodes.Select(episode => episode.Key).Where(key => !alerting.Contains(key));
        _monitored =
        [
            .. alerting.Select(key => new MonitoredLimit(key, Limits.Effective(Desk, key.Metric, key.Profile, key.Horizon, instant))),
            .. dropped.Select(key => new MonitoredLimit(key, null)),
        ];
    }

    /// <summary>Whether an episode is open or a limit crossed. Of most changes neither is true, and they need no cause.</summary>
    private bool IsAnythingToJudge()
    {
        if (_hasOpenEpisodes)
        {
            return true;
        }

        foreach (var monitored in _monitored)
        {
            if (monitored.Limit is { } limit && Math.Abs(monitored.Key.Metric.Of(_book.Totals)) > limit.Threshold)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Compares the figures with the limits after each change, so that episodes do not depend on batching.</summary>
    private void Judge(BreachCause cause, Position? after, DeskInput input, DeskStep? step)
    {
        foreach (var monitored in _monitored)
        {
            var figure = monitored.Key.Metric.Of(_book.Totals);
            if (_episodes.TryGetValue(monitored.Key, out var episode) && episode.IsOpen)
            {
                Continue(episode, monitored.Limit, figure, cause, after, input, step);
            }
            else if (monitored.Limit is { } limit && Math.Abs(figure) > limit.Threshold)
            {
                Open(monitored.Key, limit, figure, cause, input, step);
            }
        }
    }

    private void Open(EpisodeKey key, RiskLimit limit, decimal figure, BreachCause cause, DeskInput input, DeskStep? step)
    {
        var number = Math.Max(
            _episodes.TryGetValue(key, out var last) ? last.Number : 0,
            _numbersTaken.GetValueOrDefault(key)) + 1;
        var episode = new Episode
        {
            Key = key,
            Number = number,
            AlertId = AlertIdentity.AlertId(Desk, key, number),
            OpenedAt = input.At,
            OpenedValue = figure,
            Cause = cause,
            Limit = new LimitReference(limit.LimitId, limit.Version),
            Value = figure,
            Unit = _book.Unit,
            Threshold = limit.Threshold,
            Severity = Severities.Of(figure, limit),
            Revision = 1,
            PeakValue = figure,
            PeakAt = input.At,
        };
        Emit(episode, input, step);
    }

    private void Continue(Episode episode, RiskLimit? limit, decimal figure, BreachCause cause, Position? after, DeskInput input, DeskStep? step)
    {
        if (limit is null || Math.Abs(figure) <= limit.CureRatio * limit.Threshold)
        {
            var reason = cause.Kind == CauseKind.Limit || limit is null ? CureReason.LimitChanged
                : after is { Delta: null } ? CureReason.Incomplete
                : CureReason.Figure;
            var transient = cause.TransactionId is not null && cause.TransactionId == episode.Cause.TransactionId;
            Emit(episode with { CuredAt = input.At, CureReason = reason, Transient = transient }, input, step);
            return;
        }

        if (Math.Abs(figure) > Math.Abs(episode.PeakValue))
        {
            episode = episode with { PeakValue = figure, PeakAt = input.At };
            Remember(episode);
        }

        if (Math.Abs(figure) > limit.Threshold && Severities.Of(figure, limit) is var severity && severity > episode.Severity)
        {
            Emit(
                episode with
                {
                    Severity = severity,
                    Revision = episode.Revision + 1,
                    Value = figure,
                    Unit = _book.Unit,
                    Threshold = limit.Threshold,
                    Limit = new LimitReference(limit.LimitId, limit.Version),
                },
                input,
                step);
        }
    }

    private void Emit(Episode episode, DeskInput input, DeskStep? step)
    {
        Remember(episode);
        step?.Emit(new EpisodeReport(Desk, Sequence + 1, episode, _book.Unit, _feedState, input.At, _book.Context()));
    }

    private void Remember(Episode episode)
    {
        _episodes[episode.Key] = episode;
        _hasOpenEpisodes = OpenEpisodes.Any();
    }

    /// <summary>One monitored figure and the limit that binds it; null when none does.</summary>
    private readonly record struct MonitoredLimit(EpisodeKey Key, RiskLimit? Limit);
}
