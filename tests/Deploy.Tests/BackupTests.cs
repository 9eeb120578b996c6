using System.Diagnostics;
using RiskMonitor.Host;

namespace RiskMonitor.Deploy.Tests;

/// <summary>The scripts of the jobs for backup and restore, run on a MariaDB with the rights that the monitor's user has.</summary>
public sealed class BackupTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private MariaDbServer? _server;

    [FactWithMariaDb]
    public async Task A_copy_brings_back_what_was_there()
    {
        await PrepareAsync();
        await ServerExecuteAsync("INSERT INTO schema_version (version, name, works_from) VALUES (900, 'kept', 1)");
        var saved = await RunAsync("backup.sh");
        await ServerExecuteAsync("DELETE FROM schema_version WHERE version = 900; CREATE TABLE of_a_newer_version (id INT)");

        var restored = await RunAsync("restore.sh");

        Assert.True(saved.ExitCode == 0, saved.Said);
        Assert.True(restored.ExitCode == 0, restored.Said);
        Assert.Equal("1", await ServerExecuteAsync("SELECT count(*) FROM schema_version WHERE version = 900"));
        Assert.Equal("0", await ServerExecuteAsync("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'riskmonitor' AND table_name = 'of_a_newer_version'"));
    }

    [FactWithMariaDb]
    public async Task A_restore_is_refused_while_a_silo_lives()
    {
        await PrepareAsync();
        Assert.Equal(0, (await RunAsync("backup.sh")).ExitCode);
        await ServerExecuteAsync(
            "INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, StartTime, IAmAliveTime) "
            + "VALUES ('riskmonitor', '10.0.0.1', 11111, 1, 's', 'h', 3, UTC_TIMESTAMP(), UTC_TIMESTAMP())");

        var refused = await RunAsync("restore.sh");
        var forced = await RunAsync("restore.sh", ("FORCE", "true"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("stop every process of the monitor first", refused.Said);
        Assert.True(forced.ExitCode == 0, forced.Said);
    }

    [FactWithMariaDb]
    public async Task A_copy_with_other_bytes_is_refused_and_changes_nothing()
    {
        await PrepareAsync();
        Assert.Equal(0, (await RunAsync("backup.sh")).ExitCode);
        var copy = Assert.Single(Directory.GetFiles(_folder.Path, "*.sql.gz"));
        var bytes = await File.ReadAllBytesAsync(copy);
        bytes[^20] ^= 0xff;
        await File.WriteAllBytesAsync(copy, bytes);

        var refused = await RunAsync("restore.sh");

        Assert.Equal(1, refused.ExitCode);
        Assert.NotEqual("0", await ServerExecuteAsync("SELECT count(*) FROM schema_version"));
    }

    [FactWithMariaDb]
    public async Task A_copy_that_is_not_there_is_refused_with_those_that_are()
    {
        await PrepareAsync();
        File.WriteAllText(_folder.File("riskmonitor-20260101T000000Z.sql.gz"), "");

        var refused = await RunAsync("restore.sh", ("COPY", "?"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("COPY is '?'", refused.Said);
        Assert.Contains("  riskmonitor-20260101T000000Z.sql.gz\n", refused.Said);
    }

    [FactWithMariaDb]
    public async Task A_copy_that_cannot_be_completed_is_not_kept()
    {
        await PrepareAsync();
        var failed = await RunAsync("backup.sh", ("DATABASE", "no_such_database"));

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.sql.gz*"));
    }

    [FactWithMariaDb]
    public async Task Only_the_newest_copies_are_kept()
    {
        await PrepareAsync();
        foreach (var day in Enumerable.Range(1, 4))
        {
            File.WriteAllText(_folder.File($"riskmonitor-2026010{day}T000000Z.sql.gz"), "");
            File.WriteAllText(_folder.File($"riskmonitor-2026010{day}T000000Z.sql.gz.sha256"), "");
        }

        Assert.Equal(0, (await RunAsync("backup.sh", ("KEEP", "2"))).ExitCode);

        var kept = Directory.GetFiles(_folder.Path, "*.sql.gz").Select(Path.GetFileName).Order().ToList();
        Assert.Equal(2, kept.Count);
        Assert.Equal("riskmonitor-20260104T000000Z.sql.gz", kept[0]);
        Assert.Equal(2, Directory.GetFiles(_folder.Path, "*.sha256").Length);
    }

    [FactWithMariaDb]
    public async Task Migrate_makes_the_schema_and_says_which()
    {
        await PrepareAsync(migrates: false);
        using var output = new StringWriter();
        Environment.SetEnvironmentVariable("RiskMonitor__MySql__ConnectionString", _server!.ConnectionString("riskmonitor"));
        try
        {
            Assert.Equal(0, await CommandRunner.RunAsync(["migrate"], output, TextWriter.Null));
            Assert.Equal(0, await CommandRunner.RunAsync(["migrate"], output, TextWriter.Null));
        }
        finally
        {
            Environment.SetEnvironmentVariable("RiskMonitor__MySql__ConnectionString", null);
        }

        Assert.Contains("the database has schema", output.ToString());
        Assert.NotEqual("0", await ServerExecuteAsync("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public async Task Migrate_without_a_database_says_what_to_give()
    {
        using var errors = new StringWriter();

        Assert.Equal(2, await CommandRunner.RunAsync(["migrate"], TextWriter.Null, errors));
        Assert.Contains("MySql:ConnectionString is missing", errors.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A server with the monitor's user and schema, and the file of options that the job mounts.</summary>
    private async Task PrepareAsync(bool migrates = true)
    {
        _server = await MariaDbServer.StartAsync();
        await _server.ExecuteAsync(
            "CREATE DATABASE riskmonitor CHARACTER SET utf8mb4 COLLATE utf8mb4_bin; CREATE USER 'riskmonitor'@'%' IDENTIFIED BY 'it''s one'; "
            + "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP ON riskmonitor.* TO 'riskmonitor'@'%'");
        await File.WriteAllTextAsync(_folder.File("my.cnf"), $"[client]\nhost=127.0.0.1\nport={_server.Port}\nuser=riskmonitor\npassword=\"it's one\"\n");
        if (migrates)
        {
            await using var database = await Host.Operations.MonitorDatabase.OpenAsync(
                new Microsoft.Extensions.Configuration.ConfigurationManager { ["MySql:ConnectionString"] = _server.ConnectionString("riskmonitor") }, data: "", mayCreate: false, default);
        }
    }

    private async Task<string> ServerExecuteAsync(string sql) => (await _server!.ExecuteAsync(sql, "riskmonitor")).Trim();

    private async Task<(int ExitCode, string Said)> RunAsync(string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(ComposeFile.Root, "deploy/mysql", script)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables.Prepend(("BACKUPS", _folder.Path)).Prepend(("MYSQL_OPTIONS", _folder.File("my.cnf"))))
        {
            start.Environment[name] = value;
        }

        using var process = ChildProcess.Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
