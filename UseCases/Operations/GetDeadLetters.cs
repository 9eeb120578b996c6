using RiskMonitor.Risk.Feeds;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>Messages that could not be read, with their bytes and the reason. They may be of any desk, so only callers of all desks see them.</summary>
public sealed class GetDeadLetters(LiveFigures live, IDeadLetterStore letters) : IUseCase<GetDeadLettersInput, DeadLettersAnswer>
{
    public const string Tool = "get_dead_letters";

    public static readonly UseCaseInput<GetDeadLettersInput> Input = new(Tool, [CommonParameters.PageSize], values => new GetDeadLettersInput(values.Whole("page_size")));

    public async Task<DeadLettersAnswer> AskAsync(GetDeadLettersInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var atMost = check.PageSize(input.PageSize);
        check.Done();
        AllDesks.Demand(context, "dead letters may hold positions of any desk");
        var feed = live.FeedAsync(null, cancellationToken);
        var total = letters.CountAsync(cancellationToken);
        var newest = await letters.ListAsync(atMost, cancellationToken);
        return new DeadLettersAnswer(context, await feed) { Total = await total, DeadLetters = [.. newest.Select(DeadLetterAnswer.Of)] };
    }
}

public sealed record GetDeadLettersInput(int? PageSize);
