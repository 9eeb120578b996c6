namespace RiskMonitor.Storage.Database;

/// <summary>Whom a read is for. Each pool has connections of its own, so that slow reads of one kind hold up only their kind.</summary>
internal enum ReadPool
{
    /// <summary>What a grain needs before it can work.</summary>
    Activation,

    /// <summary>Short reads on which every request or sweep depends: users, limits, names, one alert.</summary>
    LookUp,

    /// <summary>What users ask for; as slow as their question, and limited in time.</summary>
    Query,

    /// <summary>What no caller waits for.</summary>
    Upkeep,
}
