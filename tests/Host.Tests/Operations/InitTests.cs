using MySqlConnector;

namespace RiskMonitor.Host.Tests.Operations;

/// <summary>How the connections that <c>init</c> writes are protected.</summary>
public sealed class InitTests
{
    [Theory]
    [InlineData("mysql", MySqlSslMode.Required, false)]
    [InlineData("db.example", MySqlSslMode.Required, false)]
    [InlineData("10.1.2.3", MySqlSslMode.Required, false)]
    [InlineData("localhost", MySqlSslMode.Preferred, true)]
    [InlineData("127.0.0.1", MySqlSslMode.Preferred, true)]
    public async Task A_password_travels_in_clear_within_this_machine_only(string server, MySqlSslMode mode, bool takesAnyKey)
    {
        var connection = await ConnectionAsync("--mysql-server", server);

        Assert.Equal((server, mode, takesAnyKey), (connection.Server, connection.SslMode, connection.AllowPublicKeyRetrieval));
    }

    [Fact]
    public async Task With_the_certificate_of_an_authority_the_server_is_verified()
    {
        var connection = await ConnectionAsync("--mysql-server", "db.example", "--mysql-ca", "/secrets/mysql-ca.pem");

        Assert.Equal((MySqlSslMode.VerifyCA, "/secrets/mysql-ca.pem"), (connection.SslMode, connection.SslCa));
    }

    private static async Task<MySqlConnectionStringBuilder> ConnectionAsync(params string[] options)
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path, .. options], TextWriter.Null, TextWriter.Null));
        return new MySqlConnectionStringBuilder(await File.ReadAllTextAsync(secrets.File("product/settings/MySql__ConnectionString")));
    }
}
