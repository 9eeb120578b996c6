using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.UseCases.Access;

/// <summary>Who asks, and what of the book that user may see.</summary>
/// <param name="Desks">Null: all.</param>
public sealed record Caller(string User, Role Role, IReadOnlySet<string>? Desks, Clearance Clearance)
{
    private const int MostScopeChars = 200;

    /// <summary>A program on this machine, while the server listens on loopback only and has no users.</summary>
    public static readonly Caller LocalAdmin = new(UserName.Reserved[0], Role.Admin, null, Clearance.Trader);

    private string? _scopeText;
    private string? _identity;

    /// <summary>The identity provider whose token was presented; null where it was none.</summary>
    public string? Issuer { get; init; }

    /// <summary>Who it is in the audit log, in rates, and beside what was done: no token's user has that of a user of ours, whatever both are called.</summary>
    public string Identity => _identity ??= Issuer is null ? User : UserName.OfToken(Issuer, User);

    /// <summary>The network address that the request came from; null where there is none.</summary>
    public string? Address { get; init; }

    /// <summary>Of the API key that was presented; null where it was none.</summary>
    public string? KeyId { get; init; }

    /// <summary>When the token that was presented ends; null where it was none.</summary>
    public DateTimeOffset? Until { get; init; }

    public static Caller Of(RiskUser user)
    {
        var caller = new Caller(user.Name, user.Role, user.Desks?.ToHashSet(StringComparer.Ordinal), user.Clearance);
        // Once, not by each request's copy.
        _ = caller.ScopeText;
        return caller;
    }

    /// <summary>It came in without a credential: a program on this machine while there are no users.</summary>
    public bool IsLocal => KeyId is null && Issuer is null;

    public bool MaySee(string desk) => Desks is null || Desks.Contains(desk);

    public bool SeesBelowDesk => Clearance == Clearance.Trader;

    public AlertView AlertView => SeesBelowDesk ? AlertView.Full : AlertView.Aggregates;

    /// <summary>The desks for the audit log: all of them where they are few.</summary>
    public string ScopeText => _scopeText ??= Desks is null ? RiskUser.AllDesks : Shortened(string.Join("; ", Desks.Order(StringComparer.Ordinal)), Desks.Count);

    private static string Shortened(string names, int count) => names.Length <= MostScopeChars ? names : $"{names[..MostScopeChars]}… ({count} desks)";
}
