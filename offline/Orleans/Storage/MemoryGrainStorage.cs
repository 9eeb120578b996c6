using Orleans.Offline;
using Orleans.Offline.Copying;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps states in the memory of the silos: what a silo holds is lost with it.</summary>
internal sealed class MemoryGrainStorage(string name, Silo silo) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = Tables.Read(name, Key(stateName, grainId));
        grainState.ETag = row?.ETag;
        grainState.RecordExists = row?.State is not null;
        grainState.State = row?.State is T state ? Copier.CopyState(state) : Blank.Create<T>();
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (etag, conflict) = Tables.Write(name, Key(stateName, grainId), Copier.CopyState(grainState.State), grainState.ETag, silo);
        if (conflict is not null)
        {
            throw Inconsistent("write", grainId, conflict, grainState.ETag);
        }

        grainState.ETag = etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Tables.Delete(name, Key(stateName, grainId), grainState.ETag) is { } conflict)
        {
            throw Inconsistent("clear", grainId, conflict, grainState.ETag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Blank.Create<T>();
        return Task.CompletedTask;
    }

    private MemoryTables Tables => silo.Cluster.Memory;

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    private static InconsistentStateException Inconsistent(string operation, GrainId grainId, string stored, string? known) =>
        new($"Version conflict ({operation}) of {grainId}: stored {stored}, known {known}.", stored, known);
}
