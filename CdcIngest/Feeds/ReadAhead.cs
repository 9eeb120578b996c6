using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>Reads on while what was read is being handled: a feed that decompresses, parses or asks a database uses another processor than the pipeline.</summary>
internal static class ReadAhead
{
    /// <param name="read">Makes the sequence; runs beside its consumer, one step at a time.</param>
    /// <param name="atMost">How many items are read before the consumer asks for them.</param>
    public static async IAsyncEnumerable<T> OfAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, int atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = Channel.CreateBounded<T>(new BoundedChannelOptions(atMost) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(read(stopping.Token), items.Writer, stopping.Token), CancellationToken.None);
        try
        {
            await foreach (var item in items.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await reading;
        }
    }

    /// <summary>Never fails: a failure ends the sequence, and is thrown where it is consumed.</summary>
    private static async Task ReadAsync<T>(IAsyncEnumerable<T> from, ChannelWriter<T> to, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in from)
            {
                await to.WriteAsync(item, cancellationToken);
            }

            to.TryComplete();
        }
        catch (Exception failure)
        {
            to.TryComplete(failure);
        }
    }
}
