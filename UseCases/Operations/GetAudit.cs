using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Operations;

/// <summary>Who asked what, and the outcome. Entries are of users of any desk, so only callers of all desks see them.</summary>
public sealed class GetAudit(LiveFigures live, IAuditLog audit) : IUseCase<GetAuditInput, AuditAnswer>
{
    public const string Tool = "get_audit";

    public static readonly UseCaseInput<GetAuditInput> Input = new(
        Tool,
        [new("user", ParameterKind.Text, "only calls of this user"), new("tool", ParameterKind.Text, "only calls of this use case"), CommonParameters.PageSize],
        values => new GetAuditInput(values.Text("user"), values.Text("tool"), values.Whole("page_size")));

    public async Task<AuditAnswer> AskAsync(GetAuditInput input, CallContext context, CancellationToken cancellationToken)
    {
        var check = new InputCheck();
        var atMost = check.PageSize(input.PageSize);
        check.Done();
        AllDesks.Demand(context, "the audit log has calls for any desk");
        var feed = live.FeedAsync(null, cancellationToken);
        var entries = await audit.ListAsync(input.User, input.UseCase, atMost, cancellationToken);
        return new AuditAnswer(context, await feed) { Entries = [.. entries.Select(AuditEntryAnswer.Of)] };
    }
}

/// <param name="User">Null: of any user.</param>
/// <param name="UseCase">Null: of any use case.</param>
public sealed record GetAuditInput(string? User, string? UseCase, int? PageSize);
