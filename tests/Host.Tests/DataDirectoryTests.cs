using System.Runtime.Versioning;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Host.Tests;

/// <summary>Who else on this machine can look into the data directory.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests : IDisposable
{
    private const UnixFileMode UsualDirectory = (UnixFileMode)0b111_101_101;
    private const UnixFileMode UsualFile = (UnixFileMode)0b110_100_100;
    private const UnixFileMode SharedFile = (UnixFileMode)0b110_110_000;

    private readonly TemporaryDirectory _above = new();

    private string Data => Path.Combine(_above.Path, "data");

    [Fact]
    public void A_new_one_and_what_is_made_in_it_are_its_owners_alone()
    {
        using var data = DataDirectory.Acquire(Data);
        data.Announce("http://127.0.0.1:1");

        Assert.False(data.IsOpenToOthers);
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(Data));
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(PrivateFiles.FileMode, File.GetUnixFileMode(file)));
        Assert.Equal("http://127.0.0.1:1", File.ReadAllText(Path.Combine(Data, "riskmonitor.url")));
    }

    [Fact]
    public void One_of_an_earlier_version_is_closed_and_the_trading_systems_file_keeps_its_mode()
    {
        Directory.CreateDirectory(Data);
        var positions = Make("positions.db", UsualFile);
        Make("riskmonitor.db", UsualFile);
        File.SetUnixFileMode(Data, UsualDirectory);

        using var data = DataDirectory.Acquire(Data);

        Assert.False(data.IsOpenToOthers);
        Assert.Equal(PrivateFiles.DirectoryMode, File.GetUnixFileMode(Data));
        Assert.Equal(UsualFile, File.GetUnixFileMode(positions));
    }

    [Theory]
    [InlineData("positions.db", SharedFile)]
    [InlineData("ledger.csv", UsualFile)]
    public void One_in_which_others_have_business_stays_open_and_says_so(string file, UnixFileMode mode)
    {
        Directory.CreateDirectory(Data);
        Make(file, mode);
        File.SetUnixFileMode(Data, UsualDirectory);

        using var data = DataDirectory.Acquire(Data);

        Assert.True(data.IsOpenToOthers);
        Assert.Equal(UsualDirectory, File.GetUnixFileMode(Data));
    }

    public void Dispose() => _above.Dispose();

    private string Make(string name, UnixFileMode mode)
    {
        var path = Path.Combine(Data, name);
        File.WriteAllText(path, "");
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
