using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>What a user is to be allowed. All of a new user; of another one what is left out stays as it is.</summary>
/// <param name="Desks">By their exact names.</param>
/// <param name="AllDesks">Every desk, also those to come, instead of <paramref name="Desks"/>.</param>
public sealed record UserRights(string? Role, IReadOnlyList<string>? Desks, bool? AllDesks, string? Clearance)
{
    public static readonly InputParameter[] Fields =
    [
        new("role", ParameterKind.Text, "what the user may do", Allowed: AccessNames.RoleNames),
        new("desks", ParameterKind.Texts, "the desks that the user may see"),
        new("all_desks", ParameterKind.Flag, "every desk, also those to come, instead of desks"),
        new("clearance", ParameterKind.Text, "how much of its desks the user sees", Allowed: AccessNames.ClearanceNames),
    ];
}

/// <summary>What changes of users have in common.</summary>
internal static class UserChange
{
    public static readonly InputParameter KeyId = new("key_id", ParameterKind.Text, "the key that was read, by GET /api/v1/users", IsRequired: true);

    public static void DemandAllDesks(CallContext context) => AllDesks.Demand(context, "users have rights for any desk");

    /// <param name="current">As the user is now; null: a new one.</param>
    /// <exception cref="RequestException">It is not right, or more than the caller may give.</exception>
    public static RiskUser Read(string name, UserRights rights, RiskUser? current, Caller caller)
    {
        var check = new InputCheck();
        var role = check.Choice("role", rights.Role, AccessNames.RoleNames, AccessNames.ParseRole) ?? current?.Role;
        var clearance = check.Choice("clearance", rights.Clearance, AccessNames.ClearanceNames, AccessNames.ParseClearance) ?? current?.Clearance;
        if (role is null && rights.Role is null)
        {
            check.Refuse("role", $"is missing; give one of {string.Join(", ", AccessNames.RoleNames)}", AccessNames.RoleNames);
        }

        if (clearance is null && rights.Clearance is null)
        {
            check.Refuse("clearance", $"is missing; give one of {string.Join(", ", AccessNames.ClearanceNames)}", AccessNames.ClearanceNames);
        }

        var isGiven = rights.Desks is not null || rights.AllDesks is not null;
        if (isGiven ? rights.AllDesks == true == rights.Desks is not null : current is null)
        {
            check.Refuse("desks", "must be given, or all_desks: true, and not both");
        }

        check.Done();
        var desks = rights.AllDesks == true ? null : rights.Desks?.Distinct(StringComparer.Ordinal).ToArray() ?? current?.Desks;
        var user = new RiskUser(name, role!.Value, desks, clearance!.Value);
        if (user.Problem() is { } problem)
        {
            throw RequestException.Invalid(UserName.Problem(name, RiskUser.MostNameChars) is null ? "desks" : "name", problem);
        }

        return user.Clearance <= caller.Clearance ? user : throw new RequestException(
            RequestError.Forbidden, $"nobody gives a higher clearance than their own, which is {caller.Clearance.Name()}; ask an administrator who has {user.Clearance.Name()}");
    }

    /// <exception cref="RequestException">There is no such user, or the key is another one by now.</exception>
    public static async Task<StoredUser> FindAsync(IUserStore users, string name, string? keyId, CancellationToken cancellationToken)
    {
        var current = (await users.ListAsync(cancellationToken)).FirstOrDefault(stored => stored.User.Name == name && stored.RevokedAt is null)
            ?? throw new RequestException(RequestError.NotFound, $"no user '{name}' of the table has a key; GET /api/v1/users lists those there are");
        return keyId is null ? throw RequestException.Invalid("key_id", "is missing; give that of the key that GET /api/v1/users shows")
            : keyId == current.Key.KeyId ? current
            : throw Overtaken(name);
    }

    public static RequestException Overtaken(string name) => new(
        RequestError.Conflict, $"'{name}' has another key by now, or none any more; read the users again", [new InputProblem("key_id", "is not the one in force", null)]);
}
