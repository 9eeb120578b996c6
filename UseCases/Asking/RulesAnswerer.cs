using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Asking.Writing;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Answers what was read of a question by fixed rules: the same question always calls the same and reads the same.</summary>
public sealed class RulesAnswerer
{
    public async Task<Draft> AnswerAsync(QuestionReading reading, Inquiry inquiry, IReadOnlyList<string> visible, CancellationToken cancellationToken)
    {
        var answering = new Answering(reading, inquiry, visible, cancellationToken);
        return reading.UnknownDesk is not null ? await answering.UnknownDeskAsync()
            : reading is { NotUsed.Count: > 0, Topic: not (Topic.Unknown or Topic.Action) } ? answering.NotUsed()
            : reading.Topic switch
            {
                Topic.Exposure => await answering.ExposureAsync(),
                Topic.Comparison => await answering.ComparisonAsync(),
                Topic.Breaches => reading.Desks.Count > 0 ? await answering.ExposureAsync() : await answering.DesksAsync(ListText.Breaches, "which desks are in breach of their limits", "哪些交易台超限"),
                Topic.Contributors => await answering.ContributorsAsync(),
                Topic.Alerts => await answering.AlertsAsync(),
                Topic.OneAlert => await answering.OneAlertAsync(),
                Topic.Overview => await answering.OverviewAsync(),
                Topic.Utilisation => await answering.DesksAsync(ListText.Overview, "how much of their limits the desks use", "各交易台的限额使用率"),
                Topic.Ranking => await answering.DesksAsync(ListText.Ranking, "the desks by size of net delta", "按净 Delta 规模排列的交易台"),
                Topic.Selection => await answering.SelectionAsync(),
                Topic.Trader => await answering.TraderAsync(),
                Topic.Limits => await answering.LimitsAsync(),
                Topic.Positions => await answering.PositionsAsync(),
                Topic.DeskNames => await answering.DesksAsync(ListText.DeskNames, "which desks there are", "有哪些交易台"),
                _ => answering.NotUnderstood(),
            };
    }
}
