using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers a question by fixed rules: the same question always leads to the same calls and the same wording.</summary>
public sealed class RulesAnswerer
{
    public async Task<AnswerDraft> AnswerAsync(QuestionReading reading, ToolCallSession session, IReadOnlyList<string> visible, CancellationToken cancellationToken)
    {
        var composer = new AnswerComposer(reading, session, visible, cancellationToken);
        return reading.UnknownDesk is not null ? await composer.UnknownDeskAsync()
            : reading is { NotUsed.Count: > 0, Topic: not (Topic.Unknown or Topic.Action) } ? composer.NotUsed()
            : reading.Topic switch
            {
                Topic.Exposure => await composer.ExposureAsync(),
                Topic.Comparison => await composer.ComparisonAsync(),
                Topic.Breaches => reading.Desks.Count > 0 ? await composer.ExposureAsync() : await composer.DesksAsync(ListText.Breaches, "which desks are in breach of their limits", "哪些交易台超限"),
                Topic.Contributors => await composer.ContributorsAsync(),
                Topic.Alerts => await composer.AlertsAsync(),
                Topic.OneAlert => await composer.OneAlertAsync(),
                Topic.Overview => await composer.OverviewAsync(),
                Topic.Utilisation => await composer.DesksAsync(ListText.Overview, "how much of their limits the desks use", "各交易台的限额使用率"),
                Topic.Ranking => await composer.DesksAsync(ListText.Ranking, "the desks by size of net delta", "按净 Delta 规模排列的交易台"),
                Topic.Selection => await composer.SelectionAsync(),
                Topic.Trader => await composer.TraderAsync(),
                Topic.Limits => await composer.LimitsAsync(),
                Topic.Positions => await composer.PositionsAsync(),
                Topic.DeskNames => await composer.DesksAsync(ListText.DeskNames, "which desks there are", "有哪些交易台"),
                _ => composer.NotUnderstood(),
            };
    }
}
