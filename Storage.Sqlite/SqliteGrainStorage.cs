using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RiskMonitor.Storage.Sqlite;

/// <summary>Grain states as JSON in the monitor's own database. A cluster uses Orleans' ADO.NET storage instead.</summary>
internal sealed class SqliteGrainStorage(IGrainStateStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await store.ReadAsync(stateName, grainId.ToString(), CancellationToken.None);
        grainState.ETag = stored?.ETag;
        grainState.RecordExists = stored?.Payload is not null;
        grainState.State = stored?.Payload is { } payload
            ? JsonSerializer.Deserialize<T>(payload) ?? Activator.CreateInstance<T>()
            : Activator.CreateInstance<T>();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
            grainState.ETag = await store.WriteAsync(stateName, grainId.ToString(), payload, grainState.ETag, CancellationToken.None);
            grainState.RecordExists = true;
        }
        catch (GrainStateConflictException conflict)
        {
            throw new InconsistentStateException(conflict.Message, conflict.StoredETag ?? "", conflict.ExpectedETag ?? "", conflict);
        }
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        try
        {
            grainState.ETag = await store.ClearAsync(stateName, grainId.ToString(), grainState.ETag, CancellationToken.None);
            grainState.RecordExists = false;
            grainState.State = Activator.CreateInstance<T>();
        }
        catch (GrainStateConflictException conflict)
        {
            throw new InconsistentStateException(conflict.Message, conflict.StoredETag ?? "", conflict.ExpectedETag ?? "", conflict);
        }
    }
}
