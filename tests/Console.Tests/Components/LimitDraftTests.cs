using RiskMonitor.UseCases.Answers;
using RiskMonitor.WebConsole.Limits;

namespace RiskMonitor.WebConsole.Tests.Components;

/// <summary>A new limit as it is written into its form.</summary>
public sealed class LimitDraftTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void What_is_written_for_a_reader_is_sent_as_the_API_takes_it()
    {
        var input = Draft(draft => (draft.Desk, draft.Threshold, draft.Warning, draft.To) = (" FX: Spot ", "1,250,000.50", "87.5", new DateTime(2026, 7, 1, 9, 30, 0))).Input(s_berlin);

        Assert.Equal("desk:FX%3A Spot:net_delta-standard-intraday", input.LimitId);
        Assert.Equal(("desk", "FX: Spot", "1250000.50", 0.875m, 1m), (input.Change.ScopeKind, input.Change.ScopeKey, input.Change.Threshold, input.Change.WarningRatio, input.Change.CureRatio));
        Assert.Equal((null, "2026-07-01T07:30:00Z", 0), (input.Change.ValidFrom, input.Change.ValidTo, input.Change.Version));
    }

    [Fact]
    public void A_limit_of_every_desk_names_none_and_an_id_that_is_given_is_taken()
    {
        var draft = Draft(draft => (draft.ScopeKind, draft.Desk) = (LimitDraft.OfAll, "FX"));
        Assert.Equal(("default:net_delta-standard-intraday", null), (draft.Input(s_berlin).LimitId, draft.Input(s_berlin).Change.ScopeKey));

        draft.Id = " house ";
        Assert.Equal("house", draft.Input(s_berlin).LimitId);
    }

    [Fact]
    public void A_percentage_that_is_none_and_a_time_that_clocks_skip_are_refused_by_their_field()
    {
        Assert.Equal("cure_ratio", FieldOf(draft => draft.Cure = "-5"));
        Assert.Equal("severity_warning", FieldOf(draft => draft.SeverityWarning = ""));
        Assert.Equal("valid_from", FieldOf(draft => draft.From = new DateTime(2026, 3, 29, 2, 30, 0)));
    }

    private static string FieldOf(Action<LimitDraft> change) => Assert.Throws<RequestException>(() => Draft(change).Input(s_berlin)).Details.Single().Field;

    private static LimitDraft Draft(Action<LimitDraft> change)
    {
        var draft = new LimitDraft { Desk = "FX", Threshold = "1", Profile = "standard", Horizon = "intraday" };
        change(draft);
        return draft;
    }
}
