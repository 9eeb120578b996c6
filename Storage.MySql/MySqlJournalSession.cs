using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Writing;

namespace RiskMonitor.Storage.MySql;

/// <summary>A group of records as its writes hand it over: nothing is sent before the group is whole, so that each table gets one statement.</summary>
internal sealed class MySqlJournalSession
{
    private readonly List<(PendingWrite<MySqlJournalSession> Write, JournalAppend Append)> _appends = [];

    public IReadOnlyList<(PendingWrite<MySqlJournalSession> Write, JournalAppend Append)> Appends => _appends;

    /// <summary>The write that runs.</summary>
    public PendingWrite<MySqlJournalSession>? Current { get; set; }

    /// <summary>Something is to be written of no consequence.</summary>
    public bool IsProbe { get; set; }

    public void Add(JournalAppend append) => _appends.Add((Current!, append));
}
