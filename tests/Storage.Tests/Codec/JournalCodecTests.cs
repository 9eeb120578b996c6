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

    /// <summary>The checkpoint of that desk as version 1 wrote it, which kept no commit time. Never to be changed.</summary>
    private const string CheckpointInVersion1 =
        "AQEKUmF0ZXMvRU1FQQQBAQ1wb3NpdGlvbnNfY2RjAAQAAAIBCHN0YW5kYXJkAQhpbnRyYWRheQEBBWhvdXNlBAABAAAFAOgHAQgBCgECAQUAAAAAAQR0ZXN0AQZ0ZXN0ZXKAgKPJv+ic"
        + "3xEBAAUEAltkBkXGWl3wrwrnC4rl04QAAKQNAAEDAAQBA3AtMQEBBmJpbmxvZyKQAwABBmd0aWQtMgEAAQGA0w4B/9IOBgAApA0BA1VTRADoBwICAKQNAAD/AAAA"
        + "";

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
        Assert.Equal(Shape.Of(record), Shape.Of(JournalCodec.DecodeRecord(JournalCodec.Encode(record))));
    }

    [Fact]
    public void A_record_in_which_any_one_bit_was_turned_is_refused()
    {
        var desk = new DeskRisk("Rates/EMEA");
        Samples.FirstRecord(desk);
        var bytes = JournalCodec.Encode(Samples.Trade(desk, 1_700m));
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => JournalCodec.DecodeRecord(damaged));
        }
    }

    [Fact]
    public void A_checkpoint_stored_by_the_first_version_stays_readable()
    {
        var desk = new DeskRisk("Rates/EMEA");
        Samples.FirstRecord(desk);
        Samples.Trade(desk, 1_700m);
        var expected = desk.Checkpoint() with { AppliedThrough = null };

        Assert.Equal(Shape.Of(expected), Shape.Of(JournalCodec.DecodeCheckpoint(Convert.FromBase64String(CheckpointInVersion1))));
    }

    [Fact]
    public void A_whole_desk_reads_back_as_it_was_written() => Prop
        .ForAll(Seeds(), seed =>
        {
            var random = new RandomJournal(seed);
            var (checkpoint, positions) = (random.Checkpoint(), random.Positions());
            var desk = StateCodec.Decode(StateCodec.Encode(checkpoint, positions));
            Assert.Equal(Shape.Of(DeskRisk.Restore(checkpoint, positions).Checkpoint()), Shape.Of(desk.Checkpoint()));
            Assert.Equal(positions.Select(Shape.Of).Order(), desk.Positions.Select(Shape.Of).Order());
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_state_cut_short_anywhere_is_refused()
    {
        var desk = new DeskRisk("Rates/EMEA");
        Samples.FirstRecord(desk);
        Samples.Trade(desk, 1_700m);
        var bytes = StateCodec.Encode(desk.Checkpoint(), [.. desk.Positions]);

        // The last byte only says that nothing follows.
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => StateCodec.Decode(cut));
        }

        bytes[0] = 99;
        Assert.Contains("run the version that wrote it", Assert.Throws<InvalidDataException>(() => StateCodec.Decode(bytes)).Message);
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
