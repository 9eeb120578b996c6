using System.Runtime.Versioning;
using RiskMonitor.Risk.Access;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests
{
    private const UnixFileMode Everybody = (UnixFileMode)0b110_110_110;

    [Fact]
    public async Task A_new_database_and_all_beside_it_are_its_owners_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await WriteAsync(database);

        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(database.Path));
        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode($"{database.Path}-wal"));
        Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode($"{database.Path}-shm"));
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_is_closed_to_others_when_it_is_opened()
    {
        await using var first = await TestDatabase.CreateAsync();
        await WriteAsync(first);
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.SetUnixFileMode(first.Path + suffix, Everybody);
        }

        await using var again = await first.OpenAgainAsync();

        Assert.All(new[] { "", "-wal", "-shm" }, suffix => Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(again.Path + suffix)));
        // And both go on with it.
        await WriteAsync(again, "bob");
        Assert.Equal(2, (await first.Get<IUserStore>().ListAsync(default)).Count);
    }

    [Fact]
    public void A_directory_that_is_made_is_its_owners_alone_and_one_that_is_there_stays_as_it_is()
    {
        var above = Directory.CreateTempSubdirectory("riskmonitor-storage-").FullName;
        try
        {
            var made = Path.Combine(above, "a", "b");
            PrivateFiles.CreateDirectory(made);
            Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(made));

            File.SetUnixFileMode(made, (UnixFileMode)0b111_101_101);
            PrivateFiles.CreateDirectory(made);
            Assert.True(PrivateFiles.IsOpenToOthers(made));
            Assert.False(PrivateFiles.IsWrittenByOthers(made));
            Assert.True(PrivateFiles.Close(made));
            Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(made));
        }
        finally
        {
            Directory.Delete(above, recursive: true);
        }
    }

    private static Task WriteAsync(TestDatabase database, string name = "ann") =>
        database.Get<IUserStore>().AddAsync(new RiskUser(name, Role.Viewer, null, Clearance.Desk), KeyHash.Of(ApiKey.New()), "test", default);
}
