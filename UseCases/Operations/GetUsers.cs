using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>The users of the table and the ids of their keys. Users of the configuration are not in it.</summary>
public sealed class GetUsers(LiveFigures live, IUserStore users) : IUseCase<NoInput, UsersAnswer>
{
    public const string Tool = "get_users";

    public static readonly UseCaseInput<NoInput> Input = new(Tool, [], _ => new NoInput());

    public async Task<UsersAnswer> AskAsync(NoInput input, CallContext context, CancellationToken cancellationToken)
    {
        AllDesks.Demand(context, "users have rights for any desk");
        var feed = live.FeedAsync(null, cancellationToken);
        var table = await users.ListAsync(cancellationToken);
        return new UsersAnswer(context, await feed) { Users = [.. table.Select(UserAnswer.Of)] };
    }
}
