using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>Names that a collation would merge are different desks and positions on every database.</summary>
public abstract class IdentifierTests(TestServer server)
{
    private static readonly string[] s_names = ["FX", "fx", "FX ", "FX  ", "ＦＸ", "Fx", "strasse", "straße", "e\u0301", "é", "🐂", "🐃", "a\0b", "a'b\\"];

    [Fact]
    public async Task Desks_whose_names_look_alike_are_kept_apart()
    {
        await using var database = await server.CreateAsync();
        foreach (var (name, n) in s_names.Select((name, n) => (name, n)))
        {
            var risk = new DeskRisk(name);
            await database.Journal.AppendAsync(Samples.Trade(risk, n + 1m, positionId: name), default);
            Assert.True(await database.Journal.FoldAsync(Samples.Fold(risk), default));
        }

        await using var other = await database.OpenAgainAsync();
        foreach (var (name, n) in s_names.Select((name, n) => (name, n)))
        {
            var stored = await other.Journal.LoadAsync(name, default);
            var position = Assert.Single(stored.Positions);
            Assert.Equal((name, name, n + 1m), (position.Row.Desk, position.Row.PositionId, position.Row.Delta));
        }

        Assert.Equal(s_names.Order(StringComparer.Ordinal), (await other.Journal.DesksAsync(default)).Select(desk => desk.Desk).Order(StringComparer.Ordinal));
        var page = await other.Get<IPositionQueries>().ListAsync(new PositionFilter(["FX "]), null, 10, default);
        Assert.Equal(["FX "], page.Positions.Select(position => position.Desk));
    }

    public sealed class OnSqlite() : IdentifierTests(TestServer.Sqlite);

    public sealed class OnMariaDb() : IdentifierTests(TestServer.MariaDb);
}
