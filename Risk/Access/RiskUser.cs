namespace RiskMonitor.Risk.Access;

/// <summary>Somebody who may ask, and how much.</summary>
/// <param name="Desks">Null: all, also those to come.</param>
public sealed record RiskUser(string Name, Role Role, IReadOnlyList<string>? Desks, Clearance Clearance)
{
    /// <summary>What stands for all desks where words are needed.</summary>
    public const string AllDesks = "*";

    public const int MostNameChars = 100;
    public const int MostDeskChars = 100;

    /// <summary>Names that the monitor gives itself; an audit log must not take somebody else for them.</summary>
    public static readonly IReadOnlyList<string> ReservedNames = ["local-admin", "demo risk manager"];

    /// <returns>What is wrong and what to change; null when it is right.</returns>
    public string? Problem() =>
        NameProblem(Name)
        ?? (Desks is [] ? $"user '{Name}' has no desk and would see nothing; name at least one, or say {AllDesks} for all" : null)
        ?? (Desks?.FirstOrDefault(desk => string.IsNullOrWhiteSpace(desk) || desk.Length > MostDeskChars) is { } wrong
            ? $"user '{Name}' has the desk '{wrong}'; desk names have 1 to {MostDeskChars} characters and are not blank"
            : null);

    /// <returns>Likewise of a name alone.</returns>
    public static string? NameProblem(string name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > MostNameChars || name != name.Trim() || name.Any(char.IsControl)
            ? $"'{name}' is no name of a user; give 1 to {MostNameChars} characters without line breaks and without blanks around them"
        : ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase) ? $"'{name}' is a name that the monitor gives itself; choose another"
        : null;
}
