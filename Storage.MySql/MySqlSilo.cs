using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace RiskMonitor.Storage.MySql;

/// <summary>Where the silos of a cluster keep their membership, grain state and reminders.</summary>
public static class MySqlSilo
{
    /// <summary>The name by which Orleans' ADO.NET providers know MySqlConnector.</summary>
    internal const string Invariant = "MySql.Data.MySqlConnector";

    /// <summary>Keeps them in the database of <see cref="MySqlStorageServices.AddMySqlStorage"/>, which the host registers; it makes the tables.</summary>
    public static void UseMySql(this ISiloBuilder silo)
    {
        silo.UseAdoNetClustering(options => options.Configure<IOptions<MySqlStorageOptions>>(
            static (clustering, storage) => (clustering.Invariant, clustering.ConnectionString) = (Invariant, OrleansConnection.Of(storage.Value, "clustering"))));
        silo.UseAdoNetReminderService(options => options.Configure<IOptions<MySqlStorageOptions>>(
            static (reminders, storage) => (reminders.Invariant, reminders.ConnectionString) = (Invariant, OrleansConnection.Of(storage.Value, "reminders"))));
        silo.AddAdoNetGrainStorage("Default", options => options.Configure<IOptions<MySqlStorageOptions>>(
            static (grains, storage) => (grains.Invariant, grains.ConnectionString, grains.GrainStorageSerializer) =
                (Invariant, OrleansConnection.Of(storage.Value, "grains"), new JsonStateSerializer())));
    }
}
