using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Which desks there are. Asked before any desk's grain is, so that a typing error does not create a desk.</summary>
public sealed class DeskCatalogue(IDeskJournal journal)
{
    private const int MostSuggestions = 5;

    /// <summary>A desk that has a journal keeps it, so a name found once need not be looked up again.</summary>
    private volatile IReadOnlySet<string> _seen = new HashSet<string>();

    /// <summary>Every desk, without regard to rights: not for answers.</summary>
    public async Task<IReadOnlyCollection<string>> AllAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken);

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

    /// <summary>Why a caller sees no desk at all.</summary>
    public static string NoDesksHint(Caller caller) => caller.Desks is null
        ? "no position has come yet, so there is no desk; see feed for whether the monitor hears of any"
        : $"none of the desks in your scope ({string.Join(", ", caller.Desks.Order(StringComparer.Ordinal).Take(MostSuggestions).Select(desk => $"'{desk}'"))}{(caller.Desks.Count > MostSuggestions ? ", …" : "")}) has had a position yet; names are compared exactly: ask an administrator whether the scope names them right";

    private async Task<IReadOnlySet<string>> LoadAsync(CancellationToken cancellationToken)
    {
        var heads = await journal.DesksAsync(cancellationToken);
        return _seen = heads.Select(head => head.Desk).ToHashSet(StringComparer.Ordinal);
    }
}
