using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class OpeningTests
{
    [Fact]
    public async Task A_database_of_a_newer_program_is_not_opened()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Storage.WriteAsync(session => session.Execute("INSERT INTO schema_version (version, name) VALUES (999, 'from the future')"), default);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => database.OpenAgainAsync());
        Assert.Contains(database.Path, error.Message);
        Assert.Contains("schema 999", error.Message);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_with_what_to_do()
    {
        await using var database = await TestDatabase.CreateAsync();
        var path = Path.Combine(Path.GetDirectoryName(database.Path)!, "not-a-database.db");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)'x', 8192)]);
        await using var services = Services(path).BuildServiceProvider();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<SqliteStorage>().InitialiseAsync(CancellationToken.None));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Restore the file from a backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_again_keeps_what_is_there()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Get<ILimitStore>().PutAsync(Samples.Limit("house", 1m), default);
        await database.Storage.InitialiseAsync(default);
        await using var next = await database.OpenAgainAsync();

        Assert.Single(await next.Get<ILimitStore>().ListAsync(default));
    }

    [Fact]
    public async Task Many_processes_that_start_at_once_create_the_schema_together()
    {
        await using var database = await TestDatabase.CreateAsync();
        var path = Path.Combine(Path.GetDirectoryName(database.Path)!, "new", "riskmonitor.db");
        var storages = Enumerable.Range(0, 4).Select(_ => Services(path).BuildServiceProvider()).ToList();
        await Task.WhenAll(storages.Select(services => services.GetRequiredService<SqliteStorage>().InitialiseAsync(default)));

        Assert.True(File.Exists(path));
        foreach (var services in storages)
        {
            await services.DisposeAsync();
        }
    }

    [Fact]
    public async Task Commits_reach_the_disk_before_they_are_answered()
    {
        await using var database = await TestDatabase.CreateAsync();

        // 2: FULL, an fsync of the log with every commit.
        Assert.Equal(2L, await database.Storage.WriteAsync(session => session.Scalar("PRAGMA synchronous"), default));
        Assert.Equal("wal", await database.Storage.ReadAsync(session => session.Scalar("PRAGMA journal_mode"), default));
    }

    [Fact]
    public async Task A_read_before_opening_says_what_to_do()
    {
        await using var services = Services("unused.db").BuildServiceProvider();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<ILimitStore>().VersionAsync(default));
        Assert.Contains(nameof(SqliteStorage.InitialiseAsync), error.Message);
    }

    [Fact]
    public async Task A_host_opens_the_database_before_its_services_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<LimitsAtStart>();
        builder.Services.AddSqliteStorage(options => options.DatabasePath = database.Path);
        using var host = builder.Build();
        await host.StartAsync();

        Assert.Single(await database.Get<ILimitStore>().ListAsync(default));
        await host.StopAsync();
    }

    [Fact]
    public void Wrong_options_are_named_with_their_value_and_the_remedy()
    {
        using var services = Services("").Configure<SqliteStorageOptions>(options => options.MaxGroup = 0).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<SqliteStorage>());
        Assert.Contains("DatabasePath is '': name a file", error.Message);
        Assert.Contains("MaxGroup is '0': give 1 or more", error.Message);
    }

    [Fact]
    public void States_are_to_be_kept_at_least_as_long_as_the_journal_that_they_stand_for()
    {
        using var services = Services("unused.db")
            .Configure<SqliteStorageOptions>(options => (options.StateRetention, options.StateInterval, options.StateAfterBytes) = (TimeSpan.FromDays(6), TimeSpan.Zero, 0))
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<SqliteStorage>());
        Assert.Contains("Storage:StateRetention is '6.00:00:00': give at least Storage:JournalRetention (7.00:00:00)", error.Message);
        Assert.Contains("Storage:StateInterval is '00:00:00': give more than 0", error.Message);
        Assert.Contains("Storage:StateAfterBytes is '0': give 1 or more", error.Message);
    }

    private static IServiceCollection Services(string path) => new ServiceCollection().AddSqliteStorage(options => options.DatabasePath = path);

    private sealed class LimitsAtStart(ILimitStore limits) : BackgroundService
    {
        public override Task StartAsync(CancellationToken cancellationToken) => limits.PutAsync(Samples.Limit("house", 1m), cancellationToken);

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
