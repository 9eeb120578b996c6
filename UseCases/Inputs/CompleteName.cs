using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Desks;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>Completes names while they are being typed, out of what the caller may see.</summary>
public sealed class CompleteName(DeskCatalogue catalogue, LiveFigures live, IAlertQueries alerts)
{
    public const string Tool = "complete_name";

    /// <summary>The greatest number of completions that the protocol allows.</summary>
    public const int Most = 100;

    /// <returns>Those that begin with the text first, then those that hold it; case does not count.</returns>
    public async Task<CompletedNames> AskAsync(CompleteNameInput input, CallContext context, CancellationToken cancellationToken)
    {
        var names = input.Kind switch
        {
            NameKind.Desk => await catalogue.DesksAsync(context.Caller, cancellationToken),
            NameKind.Trader => await TradersAsync(input.Desk, context, cancellationToken),
            _ => await OpenAlertsAsync(context, cancellationToken),
        };
        var matching = names
            .Select(name => (Name: name, At: name.IndexOf(input.Text, StringComparison.OrdinalIgnoreCase)))
            .Where(match => match.At >= 0)
            .OrderBy(match => match.At > 0)
            .ToList();
        return new CompletedNames([.. matching.Take(Most).Select(match => match.Name)], matching.Count);
    }

    /// <summary>Traders are below the desk.</summary>
    private async Task<IReadOnlyList<string>> TradersAsync(string? desk, CallContext context, CancellationToken cancellationToken)
    {
        if (!context.Caller.SeesBelowDesk)
        {
            return [];
        }

        var desks = await catalogue.DesksAsync(context.Caller, cancellationToken);
        var deskViews = await live.DeskViewsAsync(desk is null ? desks : desks.Where(name => name == desk), DeskDimensions.Trader, cancellationToken);
        return [.. deskViews.ByDesk.Values.SelectMany(deskView => deskView.Breakdown.Traders).Select(leaf => leaf.Key).Distinct().Order(StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<string>> OpenAlertsAsync(CallContext context, CancellationToken cancellationToken)
    {
        var page = await alerts.ListAsync(new AlertFilter(Desks: context.Caller.Desks?.ToList(), BreachOpen: true), null, Most, cancellationToken);
        return [.. page.Alerts.Select(alert => alert.AlertId.ToString("D"))];
    }
}

/// <param name="Desk">Only traders of this desk; null: of all.</param>
public sealed record CompleteNameInput(NameKind Kind, string Text, string? Desk);

/// <summary>The kind of name to complete.</summary>
public enum NameKind
{
    Desk,
    Trader,

    /// <summary>The id of an alert whose breach is open.</summary>
    Alert,
}

/// <param name="Total">How many match; at most <see cref="CompleteName.Most"/> of them are returned.</param>
public sealed record CompletedNames(IReadOnlyList<string> Names, int Total);
