using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Which desks there are. Asked before any desk's grain is, so that a typing error does not create a desk.</summary>
public sealed class DeskCatalogue(IDeskJournalReader journal)
{
    private const int MostSuggestions = 5;

    private readonly Lock _lock = new();

    /// <summary>A desk that has a journal keeps it, so the names are read again only when there is another desk.</summary>
    private volatile Known _known = new(-1, []);
    private Task<Known>? _reading;

    /// <summary>Every desk, without regard to rights: not for answers.</summary>
    public async Task<IReadOnlyCollection<string>> AllAsync(CancellationToken cancellationToken) => (await LoadAsync(cancellationToken)).Names;

    /// <summary>The desks that the caller may see, by name.</summary>
    public async Task<IReadOnlyList<string>> DesksAsync(Caller caller, CancellationToken cancellationToken)
    {
        var known = await LoadAsync(cancellationToken);
        return caller.Desks is { } desks ? [.. desks.Where(known.Names.Contains).Order(StringComparer.Ordinal)] : known.InOrder;
    }

    /// <exception cref="RequestException">The desk does not exist, or not for this caller; names like it are in the details.</exception>
    public async Task DemandAsync(string desk, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.MaySee(desk) && (_known.Names.Contains(desk) || (await LoadAsync(cancellationToken)).Names.Contains(desk)))
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

    private async Task<Known> LoadAsync(CancellationToken cancellationToken)
    {
        var newest = await journal.NewestDeskAsync(cancellationToken);
        var known = _known;
        while (known.Newest < newest)
        {
            known = await ReadOnceAsync().WaitAsync(cancellationToken);
        }

        return known;
    }

    /// <summary>Tens of thousands of names are read once for all who wait for them.</summary>
    private Task<Known> ReadOnceAsync()
    {
        lock (_lock)
        {
            return _reading is { IsCompleted: false } ? _reading : _reading = ReadAsync();
        }
    }

    private async Task<Known> ReadAsync()
    {
        // Asked first: a desk that comes meanwhile is at worst read again.
        var newest = await journal.NewestDeskAsync(CancellationToken.None);
        var heads = await journal.DesksAsync(CancellationToken.None);
        return _known = new Known(newest, [.. heads.Select(head => head.Desk).Order(StringComparer.Ordinal)]);
    }

    /// <param name="Newest">Of the newest desk among them.</param>
    private sealed record Known(long Newest, IReadOnlyList<string> InOrder)
    {
        public HashSet<string> Names { get; } = InOrder.ToHashSet(StringComparer.Ordinal);
    }
}
