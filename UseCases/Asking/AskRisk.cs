using Microsoft.Extensions.Options;
using RiskMonitor.Llm;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;
using RiskMonitor.UseCases.Calls;
using RiskMonitor.UseCases.Exposures;
using RiskMonitor.UseCases.Inputs;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.UseCases.Asking;

/// <summary>
/// A question in plain language: calls of the other use cases and a conclusion, every figure of which stands in what they answered. By the
/// language model where there is one and what it says can be proven; else by rules.
/// </summary>
/// <param name="catalogue">Late, because this use case is a tool itself.</param>
/// <param name="model">Null: there is none.</param>
public sealed partial class AskRisk(
    Lazy<ToolCatalogue> catalogue,
    CallRunner runner,
    DeskCatalogue desks,
    LiveFigures live,
    QuestionReader reader,
    RulesAnswerer rules,
    IOptions<LlmOptions> options,
    TimeProvider time,
    ILogger<AskRisk> logger,
    ModelAnswerer? model = null) : IUseCase<AskRiskInput, AskAnswer>
{
    public const string Tool = "ask_risk";

    public const int MostChars = 2_000;

    public static readonly UseCaseInput<AskRiskInput> Input = new(
        Tool,
        [new("question", ParameterKind.Text, "1 to 2,000 characters, such as: which desks are in breach?", IsRequired: true)],
        values => new AskRiskInput(values.Demand("question")));

    private const string ByModel = "model";
    private const string ByRules = "rules";

    public async Task<AskAnswer> AskAsync(AskRiskInput input, CallContext context, CancellationToken cancellationToken)
    {
        var text = input.Question;
        Check(text);
        var feed = live.FeedAsync(null, cancellationToken);
        var visible = await desks.DesksAsync(context.Caller, cancellationToken);
        var inquiry = new Inquiry(context, Inquiry.ToolsFor(context.Caller, catalogue.Value), runner);
        var reading = reader.Read(text, visible, context.AsOf);

        var (draft, rejected) = model is null ? (null, null)
            // A time that is ambiguous or wrong is asked back about, and no model may choose one.
            : reading.IsTimeUnclear ? (null, "the time that the question names is not clear")
            : await AskModelAsync(model, text, inquiry, reading, visible, cancellationToken);
        var answeredBy = draft is null ? ByRules : ByModel;
        draft ??= await rules.AnswerAsync(reading, inquiry, visible, cancellationToken);
        return new AskAnswer(context, await feed)
        {
            Question = text,
            Understood = draft.Understood,
            Conclusion = draft.Conclusion,
            Citations = draft.Citations,
            Calls = inquiry.Calls,
            Results = [.. draft.Results.Select(result => new AskedResult(result.Call, result.Tool, result.Answer, result.LeftOut))],
            AnsweredBy = answeredBy,
            Rejected = rejected,
            Withheld = [.. inquiry.Withheld],
        };
    }

    /// <returns>What the model concluded, as far as it is proven, or why it does not count.</returns>
    private async Task<(Draft? Draft, string? Rejected)> AskModelAsync(
        ModelAnswerer asked, string text, Inquiry inquiry, QuestionReading reading, IReadOnlyList<string> visible, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var conclusion = await asked.ConcludeAsync(text, inquiry, either.Token).WaitAsync(either.Token);
            if (ModelProof.Dropped(reading, inquiry.Calls) is { } dropped)
            {
                return Reject(dropped);
            }

            var (draft, problem) = ModelProof.Of(conclusion, inquiry.Results, reading.Language, visible);
            return draft is null ? Reject(problem!) : (draft, null);
        }
        catch (LlmException failed)
        {
            return Reject(failed.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Reject($"the model had not concluded within {options.Value.Timeout}");
        }

        (Draft?, string?) Reject(string why)
        {
            LogRejected(inquiry.Context.RequestId, why);
            return (null, why);
        }
    }

    private static void Check(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw RequestException.Invalid("question", "is empty; ask something, such as: which desks are in breach?");
        }

        if (text.Length > MostChars)
        {
            throw RequestException.Invalid("question", FormattableString.Invariant($"has {text.Length} characters; ask with at most {MostChars}"));
        }
    }
}

/// <param name="Question">1 to <see cref="AskRisk.MostChars"/> characters.</param>
public sealed record AskRiskInput(string Question);
