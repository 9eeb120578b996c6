using FsCheck;
using FsCheck.Fluent;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Storage.Codec;

namespace RiskMonitor.Storage.Tests.Codec;

public sealed class JournalCodecTests
{
    /// <summary>A desk's breach as version 1 wrote it. Never to be changed.</summary>
    private const string BreachInVersion1 =
        "AQEKUmF0ZXMvRU1FQQSAgKPJv+ic3xEBAQABDXBvc2l0aW9uc19jZGMAAAAAAAF/AwAEAQNwLTEBA3QtMQIBFkFBUEwtQ0FMTC0xNzUtMjAyNzAxMTUEqLQGAKQN0pQtAQNVU0QAAQZiaW5s"
        + "b2cikAMAAQZndGlkLTIAgNMOAQABCGludHJhZGF5AQhzdGFuZGFyZAJbZAZFxlpd8K8K5wuK5dOE/9IOAKQNAAEDAAQEAQgikAMACQEAAQGA0w4B/9IOAQVob3VzZQAApA0HAOgHAgIApA0A"
        + "AP8AAQIEAAoLAltkBkXGWl3wrwrnC4rl04QAAKQNAAEDAAQEAQgikAMACQEAAQGA0w4B/9IODAAApA0HAOgHAgIApA0AAP8ABwAAAKQNAAACAAEHBwCkDQAAAgABBQcApA0AAAIAAQYHAKQN"
        + "AAACAAEAAKQNAAACAAIA";

    [Fact]
    public void Every_journal_record_reads_back_as_it_was_written() => Prop
        .ForAll(Seeds(), seed =>
        {
            var record = new RandomJournal(seed).Record();
            return Shape.Of(JournalCodec.DecodeRecord(JournalCodec.Encode(record))) == Shape.Of(record);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_checkpoint_reads_back_as_it_was_written() => Prop
        .ForAll(Seeds(), seed =>
        {
            var checkpoint = new RandomJournal(seed).Checkpoint();
            return Shape.Of(JournalCodec.DecodeCheckpoint(JournalCodec.Encode(checkpoint))) == Shape.Of(checkpoint);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_outbox_report_reads_back_as_it_was_written() => Prop
        .ForAll(Seeds(), seed =>
        {
            var reports = new RandomJournal(seed).Record().Outbox;
            return reports.All(report => Shape.Of(JournalCodec.DecodeReport(JournalCodec.Encode(report))) == Shape.Of(report));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_record_stored_by_the_first_version_stays_readable()
    {
        var bytes = Convert.FromBase64String(BreachInVersion1);
        var record = JournalCodec.DecodeRecord(bytes);

        Assert.Equal(("Rates/EMEA", 2L, 1_700m), (record.Desk, record.Sequence, record.Totals.Net));
        Assert.Equal((RiskMetric.NetDelta, 1_000m, Severity.Critical), (record.Outbox[0].Episode.Key.Metric, record.Outbox[0].Episode.Threshold, record.Outbox[0].Episode.Severity));
        Assert.Equal(bytes, JournalCodec.Encode(record));
    }

    [Fact]
    public void A_record_of_a_newer_program_is_refused_with_the_remedy()
    {
        var bytes = JournalCodec.Encode(new RandomJournal(1).Record());
        bytes[0] = 99;

        var error = Assert.Throws<InvalidDataException>(() => JournalCodec.DecodeRecord(bytes));
        Assert.Contains("format 99", error.Message);
        Assert.Contains("run the version that wrote it", error.Message);
    }

    [Fact]
    public void A_record_cut_short_anywhere_is_refused()
    {
        var desk = new DeskRisk("Rates/EMEA");
        Samples.FirstRecord(desk);
        var bytes = JournalCodec.Encode(Samples.Trade(desk, 1_700m));
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => JournalCodec.DecodeRecord(cut));
        }
    }

    [Fact]
    public void A_batch_of_a_hundred_changes_takes_less_than_sixty_bytes_a_change()
    {
        var desk = new DeskRisk("Rates/EMEA");
        var changes = Enumerable.Range(1, 100).Select(i => Samples.Change(desk.Desk, $"position-{i}", i * 10.2500m, i)).ToList();
        var bytes = JournalCodec.Encode(Samples.Record(desk, Samples.Noon, Samples.Changes(Samples.Noon, changes)));

        Assert.InRange(bytes.Length, 1, 6_000);
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(0, int.MaxValue).ToArbitrary();
}
