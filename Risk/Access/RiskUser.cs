namespace RiskMonitor.Risk.Access;

/// <summary>A user and the rights of that user.</summary>
/// <param name="Desks">Null: all, future ones included.</param>
public sealed record RiskUser(string Name, Role Role, IReadOnlyList<string>? Desks, Clearance Clearance)
{
    /// <summary>The text that stands for all desks.</summary>
    public const string AllDesks = "*";

    public const int MostNameChars = 100;
    public const int MostDeskChars = 100;

    /// <returns>What is wrong and what to change; null when it is right.</returns>
    public string? Problem() =>
        UserName.Problem(Name, MostNameChars)
        ?? (Desks is [] ? $"user '{Name}' has no desk and would see nothing; name at least one, or say {AllDesks} for all" : null)
        ?? (Desks?.FirstOrDefault(desk => string.IsNullOrWhiteSpace(desk) || desk.Length > MostDeskChars) is { } wrong
            ? $"user '{Name}' has the desk {Texts.VisibleText.QuotedUpTo(wrong, MostDeskChars)}; desk names have 1 to {MostDeskChars} characters and are not blank"
            : null);
}
