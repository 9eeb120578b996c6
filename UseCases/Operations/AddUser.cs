using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>An administrator lets somebody in. The key is in the answer, and nowhere else.</summary>
public sealed class AddUser(LiveFigures live, IUserStore users, IFixedUsers fixedUsers)
{
    public const string Tool = "add_user";

    public static readonly InputParameter[] Fields = [new("name", ParameterKind.Text, "the user's name", IsRequired: true), .. UserRights.Fields];

    public async Task<UserKeyAnswer> AskAsync(AddUserInput input, CallContext context, CancellationToken cancellationToken)
    {
        UserChange.DemandAllDesks(context);
        var user = UserChange.Read(input.Name, input.Rights, current: null, context.Caller);
        if (context.Caller.IsLocal && user is not { Role: Role.Admin, Desks: null })
        {
            throw RequestException.Invalid(
                "role",
                "must be admin, for all desks: with the first user every program on this machine stops being an administrator, and nobody could add the next one here");
        }

        if (fixedUsers.Names.FirstOrDefault(name => UserName.Resemble(name, user.Name)) is { } twin)
        {
            throw new RequestException(
                RequestError.Conflict, $"'{user.Name}' is, or looks like, '{twin}', a user of the configuration; choose another name", [new InputProblem("name", "is taken", null)]);
        }

        // Before the key is made: afterwards nothing may keep the only answer that shows it.
        var feed = await live.FeedAsync(null, cancellationToken);
        var key = ApiKey.New();
        try
        {
            var stored = await users.AddAsync(user, KeyHash.Of(key), context.Caller.Identity, cancellationToken);
            return new UserKeyAnswer(context, feed) { Outcome = "added", User = UserAnswer.Of(stored), ApiKey = key.Reveal() };
        }
        catch (UserExistsException exists)
        {
            throw new RequestException(RequestError.Conflict, exists.Message, [new InputProblem("name", "is taken", null)]);
        }
    }
}

public sealed record AddUserInput(string Name, UserRights Rights);
