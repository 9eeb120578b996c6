using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>An administrator gives a user another key, with the same or other rights. The key before it ends at once: a key keeps its rights as long as it lives.</summary>
public sealed class ChangeUser(LiveFigures live, IUserStore users)
{
    public const string Tool = "change_user";

    public static readonly InputParameter[] Fields = [UserChange.KeyId, .. UserRights.Fields];

    public async Task<UserKeyAnswer> AskAsync(ChangeUserInput input, CallContext context, CancellationToken cancellationToken)
    {
        UserChange.DemandAllDesks(context);
        var current = await UserChange.FindAsync(users, input.Name, input.KeyId, cancellationToken);
        var user = UserChange.Read(input.Name, input.Rights, current.User, context.Caller);
        if (current.Key.KeyId == context.Caller.KeyId && !HasRightsOf(user, current.User))
        {
            throw new RequestException(RequestError.Forbidden, "nobody changes their own rights; ask another administrator. A new key with the same rights you may give yourself");
        }

        // Before the key is made: afterwards nothing may keep the only answer that shows it.
        var feed = await live.FeedAsync(null, cancellationToken);
        var key = ApiKey.New();
        var stored = await users.ReplaceAsync(user, KeyHash.Of(key), current.Key.KeyId, context.Caller.Identity, cancellationToken) ?? throw UserChange.Overtaken(input.Name);
        return new UserKeyAnswer(context, feed) { Outcome = "changed", User = UserAnswer.Of(stored), ApiKey = key.Reveal() };
    }

    private static bool HasRightsOf(RiskUser user, RiskUser other) =>
        user.Role == other.Role && user.Clearance == other.Clearance
        && (user.Desks is null ? other.Desks is null : other.Desks is not null && user.Desks.ToHashSet(StringComparer.Ordinal).SetEquals(other.Desks));
}

/// <param name="KeyId">Of the key that the caller has seen.</param>
/// <param name="Rights">What is left out stays as it is.</param>
public sealed record ChangeUserInput(string Name, string? KeyId, UserRights Rights);

/// <summary>An administrator ends a user's key for good. The user stays in the list, because the audit log and the evidence name it.</summary>
public sealed class RevokeUser(LiveFigures live, IUserStore users)
{
    public const string Tool = "revoke_user";

    public static readonly UseCaseInput<RevokeUserInput> Input = new(
        Tool,
        [new("name", ParameterKind.Text, "the user's name", IsRequired: true), UserChange.KeyId],
        values => new RevokeUserInput(values.Demand("name"), values.Text("key_id")));

    public async Task<UserRevokedAnswer> AskAsync(RevokeUserInput input, CallContext context, CancellationToken cancellationToken)
    {
        UserChange.DemandAllDesks(context);
        var current = await UserChange.FindAsync(users, input.Name, input.KeyId, cancellationToken);
        if (current.Key.KeyId == context.Caller.KeyId)
        {
            throw new RequestException(RequestError.Forbidden, "this is the key by which you came in; another administrator can revoke it, so that one is left who can");
        }

        if (!await users.RevokeKeyAsync(current.Key.KeyId, context.Caller.Identity, cancellationToken))
        {
            throw UserChange.Overtaken(input.Name);
        }

        return new UserRevokedAnswer(context, await live.FeedAsync(null, cancellationToken)) { Name = input.Name, KeyId = current.Key.KeyId };
    }
}

/// <param name="KeyId">Of the key that the caller has seen.</param>
public sealed record RevokeUserInput(string Name, string? KeyId);
