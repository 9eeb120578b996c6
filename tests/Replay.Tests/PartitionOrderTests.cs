using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.CdcIngest.Pipeline;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Replay.Tests;

public class PartitionOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly PartitionOrder _order = new(new FeedPartition("t", 0));

    [Fact]
    public void What_lies_before_the_newest_is_a_repeat()
    {
        Assert.Equal(RowVerdict.New, Judge(At(1, 100)));
        Assert.Equal(RowVerdict.New, Judge(At(1, 200)));
        Assert.Equal(RowVerdict.Repeat, Judge(At(1, 100)));
        Assert.True(_order.LastWasRepeat);
    }

    [Fact]
    public void Log_files_compare_by_their_number()
    {
        Judge(At(999_999, 500));
        Assert.Equal(RowVerdict.New, Judge(At(1_000_000, 4)));
    }

    [Fact]
    public void Rows_that_share_a_place_are_news_once_each()
    {
        Judge(At(1, 100));
        Assert.Equal(RowVerdict.New, Judge(At(1, 100), last: null));
        Assert.Equal(RowVerdict.Repeat, Judge(At(1, 100), last: At(1, 100)));
        Assert.Equal(RowVerdict.New, Judge(At(1, 100), last: At(1, 100), mark: SnapshotMark.Within));
    }

    [Fact]
    public void An_older_place_with_a_clearly_younger_clock_is_another_order_that_only_a_snapshot_may_begin()
    {
        Judge(At(7, 100));
        Assert.Equal(RowVerdict.Reordered, Judge(At(1, 4), clock: Noon.AddMinutes(1)));
        Assert.Equal(RowVerdict.New, Judge(At(1, 4), clock: Noon.AddMinutes(1), mark: SnapshotMark.First));
        Assert.Equal(RowVerdict.New, Judge(At(1, 5), clock: Noon.AddMinutes(1)));
    }

    [Fact]
    public void A_statement_that_was_logged_late_does_not_make_a_repeat_look_young()
    {
        Judge(At(1, 100), clock: Noon);
        Judge(At(1, 200), clock: Noon.AddSeconds(-30));
        Assert.Equal(RowVerdict.Repeat, Judge(At(1, 100), clock: Noon));
    }

    [Fact]
    public void A_log_of_another_name_is_another_order()
    {
        Judge(At(1, 100));
        Assert.Equal(RowVerdict.Reordered, Judge(new SourcePosition("mysql-bin", 1, 900, 0)));
    }

    private RowVerdict Judge(SourcePosition source, SourcePosition? last = null, DateTimeOffset? clock = null, SnapshotMark mark = SnapshotMark.None) =>
        _order.Judge(new DecodedMessage.Row("P", null, null, mark, source, null, new SourceTime(clock ?? Noon, false, null), true), last);

    private static SourcePosition At(long file, long offset) => new("binlog", file, offset, 0);
}
