namespace RiskMonitor.Risk.Access;

/// <summary>What a user may do; each role includes the roles before it.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Acknowledges alerts.</summary>
    RiskManager,

    /// <summary>Sends dead letters again, reconciles, manages endpoints.</summary>
    Operator,

    /// <summary>Manages users and limits.</summary>
    Admin,
}

/// <summary>How much detail a user may see.</summary>
public enum Clearance
{
    /// <summary>Aggregates of desks only.</summary>
    Desk,

    /// <summary>Everything of the desks that the user may see.</summary>
    Trader,
}

/// <summary>The names of roles and clearances in options and answers.</summary>
public static class AccessNames
{
    public static IReadOnlyList<Role> Roles { get; } = Enum.GetValues<Role>();

    public static IReadOnlyList<Clearance> Clearances { get; } = Enum.GetValues<Clearance>();

    public static IReadOnlyList<string> RoleNames { get; } = [.. Roles.Select(role => role.Name())];

    public static IReadOnlyList<string> ClearanceNames { get; } = [.. Clearances.Select(clearance => clearance.Name())];

    public static string Name(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.RiskManager => "risk_manager",
        Role.Operator => "operator",
        _ => "admin",
    };

    public static string Name(this Clearance clearance) => clearance == Clearance.Desk ? "desk" : "trader";

    /// <returns>Null for a word that names none.</returns>
    public static Role? ParseRole(string text) => Roles.Cast<Role?>().FirstOrDefault(role => role!.Value.Name() == text);

    /// <returns>Null for a word that names none.</returns>
    public static Clearance? ParseClearance(string text) => Clearances.Cast<Clearance?>().FirstOrDefault(clearance => clearance!.Value.Name() == text);
}
