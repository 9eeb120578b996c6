using RiskMonitor.Risk.Storage;

namespace RiskMonitor.Storage;

/// <summary>A database of the monitor, whichever kind it is.</summary>
internal interface IStorage
{
    /// <summary>Whether writes succeed.</summary>
    IStorageHealth Health { get; }

    /// <summary>Opens the database and brings its schema up to date; doing it again changes nothing.</summary>
    Task InitialiseAsync(CancellationToken cancellationToken);
}
