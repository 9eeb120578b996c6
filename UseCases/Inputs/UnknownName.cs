using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.UseCases.Inputs;

/// <summary>
/// By which calls count that name a tool, a resource, a prompt or a path that is not there, or not for the caller: they have a rate of their own,
/// because no client needs many of them, and an audit entry with the name.
/// </summary>
public static class UnknownName
{
    public const string Tool = "unknown_name";

    private const int MostNameChars = 100;

    /// <summary>The text for the audit log: the method that was called, and the name, quoted and bounded.</summary>
    /// <param name="how">A method of one of the protocols.</param>
    public static Asked Asked(string how, string name) => new($"{Risk.Texts.VisibleText.Escaped(how)} {Risk.Texts.VisibleText.QuotedUpTo(name, MostNameChars)}", null);
}
