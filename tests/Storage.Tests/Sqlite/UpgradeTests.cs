using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;
using RiskMonitor.Storage.Journal;
using RiskMonitor.Storage.Sqlite;

namespace RiskMonitor.Storage.Tests.Sqlite;

/// <summary>A database as the first schema has it, with a desk that traded and was folded then.</summary>
public sealed class UpgradeTests
{
    private const string Desk = "Rates/EMEA";

    [Fact]
    public async Task A_desk_of_the_first_schema_goes_on_and_answers_for_the_time_since()
    {
        await using var database = await FromTheFirstSchemaAsync(removedRecords: 0);
        var risk = Loaded(await database.Journal.LoadAsync(Desk, default));
        Assert.Equal((3L, 50m), (risk.Sequence, risk.Totals.Net));
        Assert.Equal(1L, (await database.Get<IPositionQueries>().ListAsync(new PositionFilter(), null, 10, default)).Total);

        // Its commit times are in its records, though not beside them.
        var history = database.Get<IDeskHistory>();
        Assert.Equal(50m, Assert.IsType<PastState>(await history.AsOfAsync(Desk, Samples.Noon, default)).View.Totals.Net);
        Assert.Equal(Samples.Noon, Assert.IsType<BeforeHistory>(await history.AsOfAsync(Desk, Samples.Noon.AddTicks(-1), default)).Reach.Earliest);

        await database.Journal.AppendAsync(Samples.Trade(risk, 60m, Samples.Noon.AddDays(1)), default);
        Assert.True(await database.Journal.FoldAsync(risk.Fold(2), default));
        Assert.Equal(1, await database.Get<IJournalRetention>().KeepStatesAsync(Samples.Noon.AddDays(1), default));
        Assert.Equal(4, await database.Get<IJournalRetention>().PruneAsync(Samples.Noon.AddDays(8), default));
        Assert.Equal(60m, Assert.IsType<PastState>(await history.AsOfAsync(Desk, Samples.Noon.AddDays(1), default)).View.Totals.Net);
    }

    [Fact]
    public async Task A_desk_whose_first_records_had_gone_has_a_past_from_its_first_kept_state_on()
    {
        await using var database = await FromTheFirstSchemaAsync(removedRecords: 2);
        var history = database.Get<IDeskHistory>();
        Assert.IsType<BeforeHistory>(await history.AsOfAsync(Desk, Samples.Noon, default));

        Assert.Equal(1, await database.Get<IJournalRetention>().KeepStatesAsync(Samples.Noon.AddHours(3), default));
        var kept = Assert.IsType<PastState>(await history.AsOfAsync(Desk, Samples.Noon.AddHours(3), default));
        Assert.Equal((true, 50m), (kept.IsExact, kept.View.Totals.Net));
    }

    private static async Task<TestDatabase> FromTheFirstSchemaAsync(int removedRecords)
    {
        var risk = new DeskRisk(Desk);
        List<JournalRecord> records = [Samples.FirstRecord(risk), Samples.Trade(risk, 40m), Samples.Trade(risk, 50m)];
        return await TestDatabase.CreateAsync(prepare: path =>
        {
            using var session = SqliteSession.Open(path, TimeSpan.FromSeconds(5), mayCreate: true);
            session.Script("CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL); INSERT INTO schema_version VALUES (1, 'initial')");
            session.Script(SqliteSchema.Scripts.All.First().Text);
            foreach (var record in records.Skip(removedRecords))
            {
                session.Execute(
                    "INSERT INTO journal (desk_id, sequence, writer, at, record) VALUES (1, ?1, 7, ?2, ?3)", record.Sequence, record.At.Stored(), JournalCodec.Encode(record));
            }

            // Folded through the second record, or, where that is gone, through the third.
            var folded = removedRecords == 0 ? new DeskRisk(Desk) : risk;
            if (removedRecords == 0)
            {
                records.Take(2).ToList().ForEach(folded.Replay);
            }

            session.Execute(
                """
                INSERT INTO desks (desk_id, desk, head_sequence, head_writer, limits_version, folded_sequence, checkpoint) VALUES (1, ?1, 3, 7, 1, ?2, ?3)
                """,
                Desk,
                folded.Sequence,
                JournalCodec.Encode(folded.Checkpoint()));
            foreach (var held in folded.Positions)
            {
                SqliteHeldPositions.Put(session, 1L, held);
            }
        });
    }

    private static DeskRisk Loaded(StoredDesk stored)
    {
        var risk = DeskRisk.Restore(stored.Checkpoint!, stored.Positions);
        foreach (var record in stored.Tail)
        {
            risk.Replay(record);
        }

        return risk;
    }
}
