using RiskMonitor.Risk.Journal;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>The names of all desks. Use cases check a name here before they call the grain, so that a typing error does not create a desk.</summary>
public sealed class DeskCatalogue(IDeskJournalReader journal)
{
    private const int MostSuggestions = 5;

    private readonly Lock _lock = new();

    /// <summary>Desks are never removed, so the cached names are valid until a new desk appears.</summary>
    private volatile Known _known = new(-1, []);
    private Task<Known>? _reading;

    /// <summary>Every desk regardless of rights; do not use it in answers.</summary>
    public async Task<IReadOnlyCollection<string>> AllAsync(CancellationToken cancellationToken) => (await LoadAsync(cancellationToken)).Names;

    /// <summary>The desks that the caller may see, by name.</summary>
    public async Task<IReadOnlyList<string>> DesksAsync(Caller caller, CancellationToken cancellationToken)
    {
        var known = await LoadAsync(cancellationToken);
        return caller.Desks is { } desks ? [.. desks.Where(known.Names.Contains).Order(StringComparer.Ordinal)] : known.InOrder;
    }

    /// <exception cref="RequestException">The desk does not exist, or the caller may not see it; the details suggest similar names.</exception>
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

    /// <summary>Concurrent callers share one read, because there may be tens of thousands of names.</summary>
    private Task<Known> ReadOnceAsync()
    {
        lock (_lock)
        {
            return _reading is { IsCompleted: false } ? _reading : _reading = ReadAsync();
        }
    }

    private async Task<Known> ReadAsync()
    {
        // Read the newest desk before the names, so that a desk added in between causes at most a second read.
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
