using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace RiskMonitor.Storage.MySql;

/// <summary>Where a client of the cluster finds its gateways.</summary>
public static class MySqlClient
{
    /// <summary>Reads them from the database of <see cref="MySqlStorageServices.AddMySqlStorage"/>, which the host registers.</summary>
    public static void UseMySql(this IClientBuilder client) =>
        client.UseAdoNetClustering(options => options.Configure<IOptions<MySqlStorageOptions>>(
            static (clustering, storage) => (clustering.Invariant, clustering.ConnectionString) = (MySqlSilo.Invariant, OrleansConnection.Of(storage.Value, "gateways"))));
}
