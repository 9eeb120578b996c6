using System.Runtime.CompilerServices;
using RiskMonitor.CdcIngest.Feeds;

namespace RiskMonitor.CdcIngest.Tests.Feeds;

public sealed class ReadAheadTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private int _read;
    private bool _isClosed;

    [Fact]
    public async Task Items_come_in_their_order()
    {
        var items = await ReadAhead.OfAsync(stopping => NumbersAsync(100, stopping), atMost: 2, Cancelled).ToListAsync(Cancelled);

        Assert.Equal(Enumerable.Range(0, 100), items);
        Assert.True(_isClosed);
    }

    [Fact]
    public async Task It_reads_no_more_than_was_allowed()
    {
        await using var items = ReadAhead.OfAsync(stopping => NumbersAsync(100, stopping), atMost: 2, Cancelled).GetAsyncEnumerator(Cancelled);
        await items.MoveNextAsync();

        await Eventually.IsTrueAsync("two wait, and a third is at hand", () => Volatile.Read(ref _read) == 4);
        await items.DisposeAsync();

        Assert.Equal(4, _read);
        Assert.True(_isClosed);
    }

    [Fact]
    public async Task A_failure_is_thrown_behind_the_items_before_it()
    {
        var seen = new List<int>();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var item in ReadAhead.OfAsync(stopping => NumbersAsync(-1, stopping), atMost: 2, Cancelled))
            {
                seen.Add(item);
            }
        });

        Assert.Equal("unreadable", failure.Message);
        Assert.Equal([0, 1, 2], seen);
        Assert.True(_isClosed);
    }

    /// <param name="count">-1: it fails after three.</param>
    private async IAsyncEnumerable<int> NumbersAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i != count; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _read);
                yield return i < 3 || count > 0 ? i : throw new InvalidOperationException("unreadable");
            }
        }
        finally
        {
            _isClosed = true;
        }
    }
}
