using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Orleans;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Limits;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Limits;

/// <summary>
/// An administrator writes a limit: a new one, or the next version of one that is there. The desks it binds are judged by it before the answer,
/// or, where one does not answer in time, within seconds by the sweep.
/// </summary>
public sealed partial class SetLimit(
    DeskCatalogue catalogue, LiveFigures live, ILimitStore limits, IGrainFactory grains, IOptions<UseCaseOptions> options, ILogger<SetLimit> logger)
{
    public const string Tool = "set_limit";

    private const int MostIdChars = 200;
    private const int MostReasonChars = 1000;
    private const int DesksAtATime = 32;

    /// <summary>The limit is stored: a desk that does not answer must not keep its writer waiting.</summary>
    private static readonly TimeSpan s_deskTimeout = TimeSpan.FromSeconds(2);

    private static readonly string[] s_scopes = ["desk", "default"];
    private static readonly IReadOnlyList<string> s_metrics = [.. RiskMetrics.All.Select(metric => metric.Name())];

    public async Task<LimitSetAnswer> AskAsync(SetLimitInput input, CallContext context, CancellationToken cancellationToken)
    {
        var table = await limits.ListAsync(cancellationToken);
        var current = table.FirstOrDefault(limit => limit.LimitId == input.LimitId);
        // Before the limit is read against what is there: what that says is not for everybody.
        DemandId(input.LimitId, current, context.Caller);
        DemandScope(current, context);
        var wanted = Read(input, current, context);
        DemandScope(wanted, context);

        RiskLimit stored;
        try
        {
            stored = await limits.PutAsync(wanted, cancellationToken);
        }
        catch (LimitConflictException conflict)
        {
            throw new RequestException(RequestError.Conflict, conflict.Message, [new InputProblem("version", "is not the stored one", null)]);
        }

        catch (LimitOverlapException overlap)
        {
            throw new RequestException(RequestError.Conflict, overlap.Message, [new InputProblem("limit_id", "would bind what another limit binds", [overlap.TwinId])]);
        }

        var (judged, pending) = await RefreshAsync(stored, current, cancellationToken);
        return new LimitSetAnswer(context, await live.FeedAsync(null, cancellationToken))
        {
            Limit = LimitRowAnswer.Of(stored, null),
            Outcome = current is null ? "created" : "changed",
            DesksJudged = judged,
            DesksPending = pending,
        };
    }

    /// <summary>
    /// An administrator of some desks gets the same answer for another desk's limit as for one that does not exist. Ids are one name space, and taking a free one would reveal which
    /// are taken; so each desk has ids of its own.
    /// </summary>
    private static void DemandId(string limitId, RiskLimit? current, Caller caller)
    {
        var isSeen = current is not null && (current.Scope == LimitScope.Default || caller.MaySee(current.ScopeKey));
        // Looked at in any case, so that the answer takes as long.
        var isOwn = caller.Desks?.Any(desk => limitId.StartsWith(RiskLimit.IdPrefixOf(desk), StringComparison.Ordinal)) != false;
        if (caller.Desks is not null && !isSeen && !(isOwn && current is null))
        {
            throw new RequestException(
                RequestError.Forbidden,
                "this is no limit that you may see, and no id that you may give to a new one: yours begin with desk: and the name of a desk of your scope, "
                + "such as 'desk:Rates:net_delta:standard:intraday' (in names, % is written %25, and : is written %3A); ask an administrator of all desks for others");
        }
    }

    private static void DemandScope(RiskLimit? limit, CallContext context)
    {
        if (limit is not null && context.Caller.Desks is not null && (limit.Scope == LimitScope.Default || !context.Caller.MaySee(limit.ScopeKey)))
        {
            throw new RequestException(
                RequestError.Forbidden, "this limit would bind desks that you may not see; ask an administrator of all desks, or set another one for a desk of your scope");
        }
    }

    private RiskLimit Read(SetLimitInput input, RiskLimit? current, CallContext context)
    {
        var (limitId, change) = input;
        var check = new InputCheck();
        if (limitId.Length > MostIdChars || limitId.Any(char.IsControl))
        {
            check.Refuse("limit_id", $"must have at most {MostIdChars} characters, none of them control characters");
        }

        if (limitId.StartsWith(RiskLimit.ConfiguredPrefix, StringComparison.Ordinal))
        {
            check.Refuse("limit_id", $"begins with '{RiskLimit.ConfiguredPrefix}': that limit belongs to the configuration; change it there, or set one of its own id");
        }

        if (current is null && limitId.StartsWith(RiskLimit.DeskPrefix, StringComparison.Ordinal)
            && (change.ScopeKey is not { } of || !limitId.StartsWith(RiskLimit.IdPrefixOf(of), StringComparison.Ordinal)))
        {
            check.Refuse("limit_id", $"begins with '{RiskLimit.DeskPrefix}', and so does no id but those of the desk that is named behind it; set scope_key to that desk, or give another id");
        }

        if (change.Version is not >= 0)
        {
            check.Refuse("version", "is missing; give the version that GET /api/v1/limits shows, or 0 for a new limit");
        }

        if (string.IsNullOrWhiteSpace(change.Reason) || change.Reason.Length > MostReasonChars)
        {
            check.Refuse("reason", $"is {(string.IsNullOrWhiteSpace(change.Reason) ? "missing" : "too long")}; say in at most {MostReasonChars} characters why the limit changes");
        }

        var scope = check.Choice<LimitScope>("scope_kind", change.ScopeKind, s_scopes, text => text switch
        {
            "desk" => LimitScope.Desk,
            "default" => LimitScope.Default,
            _ => null,
        }) ?? current?.Scope;
        var metric = check.Choice("metric", change.Metric, s_metrics, RiskMetrics.Parse) ?? current?.Metric;
        var profile = change.Profile ?? current?.Profile;
        var horizon = change.Horizon ?? current?.Horizon;
        var scopeKey = change.ScopeKey ?? current?.ScopeKey ?? "";
        var threshold = check.Amount("threshold", change.Threshold) ?? current?.Threshold;
        Needed("scope_kind", scope, s_scopes);
        Needed("metric", metric, s_metrics);
        Needed("profile", profile, options.Value.ProfileNames());
        Needed("horizon", horizon, options.Value.HorizonNames());
        Needed("threshold", threshold, null);
        check.Name("profile", profile, options.Value.ProfileNames());
        check.Name("horizon", horizon, options.Value.HorizonNames());
        if (scope == LimitScope.Default && scopeKey.Length > 0)
        {
            check.Refuse("scope_key", "does not go with scope_kind default; leave it out");
        }

        if (current is not null && (scope != current.Scope || scopeKey != current.ScopeKey || metric != current.Metric || profile != current.Profile || horizon != current.Horizon))
        {
            check.Refuse("limit_id", "binds another scope, metric, profile or horizon, which a limit keeps for life; end it with valid_to, and set another one");
        }

        var row = new RiskLimit(
            limitId,
            profile ?? "",
            scope ?? LimitScope.Desk,
            scopeKey,
            metric ?? RiskMetric.NetDelta,
            horizon ?? "",
            threshold ?? 0,
            change.WarningRatio ?? current?.WarningRatio ?? RiskLimit.DefaultWarningRatio,
            change.CureRatio ?? current?.CureRatio ?? RiskLimit.DefaultCureRatio,
            new SeveritySteps(
                change.SeverityWarning ?? (current?.Severity ?? SeveritySteps.Default).Warning,
                change.SeverityCritical ?? (current?.Severity ?? SeveritySteps.Default).Critical),
            change.Currency ?? Kept("currency", current?.Currency),
            check.Instant("valid_from", change.ValidFrom) ?? Kept("valid_from", current?.ValidFrom),
            check.Instant("valid_to", change.ValidTo) ?? Kept("valid_to", current?.ValidTo),
            change.Version ?? 0,
            change.Reason ?? "",
            context.Caller.Identity);
        check.Done();
        if (row.Problem() is { } problem)
        {
            throw RequestException.Invalid(problem.Split(' ')[0], problem);
        }

        return row;

        T? Kept<T>(string field, T? value) => change.Emptied.Contains(field) ? default : value;

        void Needed(string field, object? value, IReadOnlyList<string>? allowed)
        {
            if (value is null)
            {
                check.Refuse(field, allowed is null ? "is missing; a new limit needs it" : $"is missing; a new limit needs it: give one of {string.Join(", ", allowed)}", allowed);
            }
        }
    }

    /// <summary>Lets the desks judge now. The limit is stored: what fails here, the sweep does.</summary>
    private async Task<(int Judged, int Pending)> RefreshAsync(RiskLimit limit, RiskLimit? before, CancellationToken cancellationToken)
    {
        var desks = (await catalogue.AllAsync(cancellationToken)).Where(desk => limit.AppliesTo(desk) || before?.AppliesTo(desk) == true).ToList();
        var judged = 0;
        foreach (var chunk in desks.Chunk(DesksAtATime))
        {
            var calls = chunk.Select(desk => grains.GetGrain<IDeskRiskGrain>(desk).RefreshLimitsAsync().WaitAsync(s_deskTimeout, cancellationToken)).ToArray();
            await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            judged += calls.Count(call => call.IsCompletedSuccessfully);
            if (calls.FirstOrDefault(call => call.IsFaulted)?.Exception is { } failure)
            {
                LogLeftToSweep(failure.GetBaseException(), limit.LimitId, limit.Version);
            }
        }

        return (judged, desks.Count - judged);
    }
}

public sealed record SetLimitInput(string LimitId, LimitChange Change);

/// <summary>What a limit is to say. What is left out stays as it is; a new limit has the usual ratios.</summary>
/// <param name="ScopeKey">The desk of a limit of scope desk.</param>
/// <param name="WarningRatio">Share of the threshold.</param>
/// <param name="CureRatio">Share of the threshold.</param>
/// <param name="SeverityWarning">Overshoot from which a breach is WARNING, as a share of the threshold.</param>
/// <param name="SeverityCritical">The same for CRITICAL.</param>
/// <param name="ValidFrom">First instant at which it holds, RFC 3339.</param>
/// <param name="ValidTo">First instant at which it no longer holds.</param>
/// <param name="Version">The one that the caller has seen; 0 for a new limit.</param>
public sealed record LimitChange(
    string? Profile,
    string? ScopeKind,
    string? ScopeKey,
    string? Metric,
    string? Horizon,
    string? Threshold,
    decimal? WarningRatio,
    decimal? CureRatio,
    decimal? SeverityWarning,
    decimal? SeverityCritical,
    string? Currency,
    string? ValidFrom,
    string? ValidTo,
    int? Version,
    string? Reason)
{
    /// <summary>Of currency, valid_from and valid_to: those to be emptied.</summary>
    [JsonIgnore]
    public IReadOnlyCollection<string> Emptied { get; init; } = [];
}
