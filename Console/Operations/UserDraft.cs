using RiskMonitor.Risk.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Operations;

namespace RiskMonitor.WebConsole.Operations;

/// <summary>What can be done to a user.</summary>
public enum UserAct
{
    Add,
    Change,
    NewKey,
    Revoke,
}

/// <summary>A user while it is edited.</summary>
public sealed class UserDraft
{
    public string Name { get; set; } = "";

    public string Role { get; set; } = AccessNames.RoleNames[0];

    public string Clearance { get; set; } = AccessNames.ClearanceNames[0];

    public bool AllDesks { get; set; }

    /// <summary>One a line, because names of desks may have commas.</summary>
    public string Desks { get; set; } = "";

    /// <summary>All of what the user may do and see.</summary>
    public UserRights Rights => new(
        Role, AllDesks ? null : Desks.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } named ? named : null, AllDesks ? true : null, Clearance);

    /// <summary>The first user ends that every program on the machine is an administrator, so it has to be one.</summary>
    public static UserDraft First() => new() { Role = Risk.Access.Role.Admin.Name(), Clearance = Risk.Access.Clearance.Trader.Name(), AllDesks = true };

    public static UserDraft Of(UserAnswer user) => new()
    {
        Name = user.Name,
        Role = user.Role,
        Clearance = user.Clearance,
        AllDesks = user.Desks is null,
        Desks = string.Join('\n', user.Desks ?? []),
    };
}
