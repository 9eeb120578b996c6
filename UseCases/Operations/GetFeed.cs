using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>How far each partition of the feed is: what is applied, what is still to come, and what of it waits.</summary>
public sealed class GetFeed(LiveFigures live) : IUseCase<NoInput, FeedPartitionsAnswer>
{
    public const string Tool = "get_feed";

    public static readonly UseCaseInput<NoInput> Input = new(Tool, [], _ => new NoInput());

    public async Task<FeedPartitionsAnswer> AskAsync(NoInput input, CallContext context, CancellationToken cancellationToken)
    {
        var partitions = live.FeedPartitionsAsync(cancellationToken);
        return new FeedPartitionsAnswer(context, await live.FeedAsync(null, cancellationToken)) { Partitions = [.. (await partitions).Select(FeedPartitionAnswer.Of)] };
    }
}
