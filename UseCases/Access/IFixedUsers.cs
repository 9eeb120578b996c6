namespace RiskMonitor.UseCases.Access;

/// <summary>Who may come in by a key and is not in the users' table: the users of the configuration and of this process.</summary>
public interface IFixedUsers
{
    /// <summary>Names that no user of the table may have.</summary>
    IReadOnlyCollection<string> Names { get; }
}
