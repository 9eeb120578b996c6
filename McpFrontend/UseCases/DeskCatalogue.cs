using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Answers;
using RiskMonitor.Risk.Journal;

namespace RiskMonitor.McpFrontend.UseCases;

/// <summary>Which desks there are. Asked before any desk's grain is, so that a typing error does not create a desk.</summary>
internal sealed class DeskCatalogue(IDeskJournal journal)
{
    private const int MostSuggestions = 5;

    /// <summary>A desk that has a journal keeps it, so a name found once need not be looked up again.</summary>
    private volatile IReadOnlySet<string> _seen = new HashSet<string>();

    /// <summary>The desks that the caller may see, by name.</summary>
    public async Task<IReadOnlyList<string>> DesksAsync(Caller caller, CancellationToken cancellationToken) =>
        [.. (await LoadAsync(cancellationToken)).Where(caller.MaySee).Order(StringComparer.Ordinal)];

    /// <exception cref="RequestException">The desk does not exist, or not for this caller; names like it are in the details.</exception>
    public async Task DemandAsync(string desk, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.MaySee(desk) && (_seen.Contains(desk) || (await LoadAsync(cancellationToken)).Contains(desk)))
        {
            return;
        }

        var near = NearestNames.To(desk, await DesksAsync(caller, cancellationToken), MostSuggestions);
        throw new RequestException(
            RequestError.NotFound,
            near.Count == 0
                ? $"there is no desk '{desk}'; list_desks (GET /api/v1/desks) names those there are"
                : $"there is no desk '{desk}'; did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?",
            [new InputProblem("desk", "is not the name of a desk that you may see; names are compared exactly", near)]);
    }

    private async Task<IReadOnlySet<string>> LoadAsync(CancellationToken cancellationToken)
    {
        var heads = await journal.DesksAsync(cancellationToken);
        return _seen = heads.Select(head => head.Desk).ToHashSet(StringComparer.Ordinal);
    }
}
