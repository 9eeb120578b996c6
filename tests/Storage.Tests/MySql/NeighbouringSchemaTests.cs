using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>A rolling upgrade migrates first: processes of the version before start again on the newer schema where its scripts allow it.</summary>
public sealed class NeighbouringSchemaTests
{
    [FactWithMariaDb]
    public async Task A_newer_schema_that_only_adds_is_used()
    {
        var server = await MadeAsync("newer_adds");
        await server.ExecuteAsync($"INSERT INTO schema_version (version, name, works_from) VALUES (999, 'x', {MySqlSchema.Scripts.Newest})", "newer_adds");

        await using var database = await TestDatabase.OpenMySqlAsync(server.ConnectionString("newer_adds"), null, null, () => Task.CompletedTask);

        Assert.Equal([1], await database.RowsAsync("SELECT count(*) FROM schema_version WHERE version = 999", row => row.GetInt32(0)));
    }

    [FactWithMariaDb]
    public async Task A_newer_schema_that_needs_newer_programs_is_refused()
    {
        var server = await MadeAsync("newer_needs");
        await server.ExecuteAsync($"INSERT INTO schema_version (version, name, works_from) VALUES (998, 'y', {MySqlSchema.Scripts.Newest + 1}), (999, 'x', 1)", "newer_needs");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestDatabase.OpenMySqlAsync(server.ConnectionString("newer_needs"), null, null, () => Task.CompletedTask));

        Assert.Contains("run the version that wrote it", refused.Message);
    }

    [FactWithMariaDb]
    public async Task A_database_of_before_says_nothing_of_older_programs()
    {
        var server = await MadeAsync("says_nothing");
        await server.ExecuteAsync("ALTER TABLE schema_version DROP COLUMN works_from", "says_nothing");

        await using var database = await TestDatabase.OpenMySqlAsync(server.ConnectionString("says_nothing"), null, null, () => Task.CompletedTask);

        Assert.All(await database.RowsAsync("SELECT version, works_from FROM schema_version", row => (row.GetInt32(0), row.GetInt32(1))), row => Assert.Equal(row.Item1, row.Item2));
    }

    [Theory]
    [InlineData("-- works with programs of schema 2\nCREATE TABLE x (id INT);", 2)]
    [InlineData("-- works with programs of schema 12\r\nCREATE TABLE x (id INT);", 12)]
    [InlineData("-- A column more.\n-- works with programs of schema 2\n", 7)]
    [InlineData("ALTER TABLE x DROP COLUMN y;", 7)]
    public void A_script_says_in_its_first_line_which_programs_it_leaves_alone(string text, int worksFrom) => Assert.Equal(worksFrom, MigrationScripts.WorksFrom(7, text));

    [Fact]
    public void No_script_claims_to_work_with_programs_that_are_newer() =>
        Assert.All(MySqlSchema.Scripts.All, script => Assert.InRange(MigrationScripts.WorksFrom(script.Number, script.Text), 1, script.Number));

    private static async Task<MariaDbServer> MadeAsync(string name)
    {
        var server = await SharedMariaDb.GetAsync();
        await server.ExecuteAsync($"CREATE DATABASE {name}");
        await using (await TestDatabase.OpenMySqlAsync(server.ConnectionString(name), null, null, () => Task.CompletedTask))
        {
            return server;
        }
    }
}
