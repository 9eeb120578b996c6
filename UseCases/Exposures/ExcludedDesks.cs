using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Inputs;

namespace RiskMonitor.UseCases.Exposures;

/// <summary>Desks that a call excludes, by their exact names.</summary>
public static class ExcludedDesks
{
    public const string Field = "exclude_desks";

    /// <summary>The desks without them.</summary>
    /// <exception cref="RequestException">One of the names is not a desk that the caller may see. It is an error because a misspelt name would exclude nothing.</exception>
    public static async Task<IReadOnlyList<string>> ExceptAsync(
        this DeskCatalogue catalogue, IReadOnlyList<string> desks, IReadOnlyList<string>? leftOut, CallContext context, CancellationToken cancellationToken)
    {
        if (leftOut is null)
        {
            return desks;
        }

        foreach (var desk in leftOut)
        {
            await catalogue.DemandAsync(desk, context.Caller, cancellationToken);
        }

        var names = leftOut.ToHashSet(StringComparer.Ordinal);
        return [.. desks.Where(desk => !names.Contains(desk))];
    }

    public static void Check(InputCheck check, string? desk, IReadOnlyList<string>? leftOut)
    {
        if (desk is not null && leftOut is not null)
        {
            check.Refuse(Field, "does not go with desk: one desk is asked for, so there is none to leave out");
        }
    }

    /// <summary>For a cursor, which belongs to one call only.</summary>
    public static string? Key(IReadOnlyList<string>? leftOut) => leftOut is null ? null : string.Join('\0', leftOut.Order(StringComparer.Ordinal));
}
