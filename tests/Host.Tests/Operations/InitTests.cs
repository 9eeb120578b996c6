using MySqlConnector;
using RiskMonitor.Risk.Evidence;

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
    public async Task A_server_may_have_another_port()
    {
        var connection = await ConnectionAsync("--mysql-server", "db.example:3307");

        Assert.Equal(("db.example", 3307u), (connection.Server, connection.Port));
    }

    [Theory]
    [InlineData("db.example:mysql")]
    [InlineData("db.example:70000")]
    [InlineData("mysql://db.example")]
    [InlineData("db.example;Database=other")]
    public async Task A_server_that_is_no_host_is_refused_before_a_secret_is_made(string server)
    {
        using var secrets = new TemporaryDirectory();
        using var errors = new StringWriter();

        Assert.Equal(2, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path, "--mysql-server", server], TextWriter.Null, errors));
        Assert.Contains($"--mysql-server is '{server}'", errors.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(secrets.Path));
    }

    [Fact]
    public async Task With_the_certificate_of_an_authority_the_server_is_verified()
    {
        var connection = await ConnectionAsync("--mysql-server", "db.example", "--mysql-ca", "/secrets/mysql-ca.pem");

        Assert.Equal((MySqlSslMode.VerifyCA, "/secrets/mysql-ca.pem"), (connection.SslMode, connection.SslCa));
    }

    [Fact]
    public async Task The_key_of_the_evidence_is_made_once()
    {
        using var secrets = new TemporaryDirectory();
        var keys = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path], TextWriter.Null, TextWriter.Null));
            keys.Add(await File.ReadAllTextAsync(secrets.File("product/settings/Evidence__Key")));
        }

        Assert.Equal(32, EvidenceKeys.Parse(keys[0])!.Length);
        Assert.Equal(keys[0], keys[1]);
    }

    private static async Task<MySqlConnectionStringBuilder> ConnectionAsync(params string[] options)
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path, .. options], TextWriter.Null, TextWriter.Null));
        return new MySqlConnectionStringBuilder(await File.ReadAllTextAsync(secrets.File("product/settings/MySql__ConnectionString")));
    }
}
