using Microsoft.Data.Sqlite;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly SqliteSession _session = SqliteSession.Open(":memory:", TimeSpan.FromSeconds(1), mayCreate: true);

    public SqliteStatementTests() => _session.Execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, value)");

    public void Dispose() => _session.Dispose();

    public static TheoryData<object?, object?> Values => new()
    {
        { null, null },
        { "", "" },
        { "Zürich 东京 \0 🏦", "Zürich 东京 \0 🏦" },
        { new string('é', 10_000), new string('é', 10_000) },
        { long.MinValue, long.MinValue },
        { 17, 17L },
        { true, 1L },
        { Array.Empty<byte>(), Array.Empty<byte>() },
        { new byte[] { 0, 255, 0 }, new byte[] { 0, 255, 0 } },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_is_read_as_it_was_written(object? written, object? read)
    {
        Assert.Equal(1, _session.Execute("INSERT INTO kept (value) VALUES (?1)", written));

        Assert.Equal(read, _session.Scalar("SELECT value FROM kept"));
        Assert.Equal(written is null ? 1L : 0L, _session.Scalar("SELECT value IS NULL FROM kept"));
    }

    [Fact]
    public void A_statement_that_failed_can_run_again()
    {
        const string Insert = "INSERT INTO kept (id, value) VALUES (?1, ?2)";
        _session.Execute(Insert, 1L, "first");

        Assert.Equal(SQLitePCL.raw.SQLITE_CONSTRAINT, Assert.Throws<SqliteException>(() => _session.Execute(Insert, 1L, "again")).SqliteErrorCode);
        _session.Execute(Insert, 2L, "second");

        Assert.Equal(2L, _session.Scalar("SELECT count(*) FROM kept"));
        Assert.Equal(2, _session.Execute("DELETE FROM kept"));
        Assert.Null(_session.Scalar("SELECT value FROM kept"));
    }

    [Fact]
    public void A_text_that_is_no_statement_is_refused() =>
        Assert.Throws<SqliteException>(() => _session.Execute("INSERT INTO nothing VALUES (1)"));

    [Fact]
    public void A_value_without_a_stored_form_is_refused() =>
        Assert.Throws<ArgumentException>(() => _session.Execute("INSERT INTO kept (value) VALUES (?1)", 1.5m));
}
