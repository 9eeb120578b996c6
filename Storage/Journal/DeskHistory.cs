using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.Codec;
using RiskMonitor.Storage.Database;

namespace RiskMonitor.Storage.Journal;

/// <summary>
/// Begins at the newest kept state with nothing later than the instant in it, and replays of the journal since what counted by then. Rows are
/// read in one snapshot; decoding and replaying take longer and hold no connection.
/// </summary>
internal sealed class DeskHistory(IDatabase database) : IDeskHistory
{
    public async Task<PastDesk?> AsOfAsync(string desk, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(ReadPool.Query, db => PastRows.ReadAsync(db, desk, asOf), cancellationToken);
        return rows switch
        {
            null => null,
            { TooEarly: { } reach } => new BeforeHistory(reach),
            _ => ReplayReadable(desk, rows, asOf, cancellationToken),
        };
    }

    /// <exception cref="DeskUnreadableException">What is kept of that time cannot be read.</exception>
    private static PastState ReplayReadable(string desk, PastRows rows, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        try
        {
            return Replay(desk, rows, asOf, cancellationToken);
        }
        catch (Exception error) when (Unreadable.IsOfTheRow(error))
        {
            throw new DeskUnreadableException(desk, error.Message, error);
        }
    }

    private static PastState Replay(string desk, PastRows rows, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var risk = rows.State is { } state ? StateCodec.Decode(state.Bytes) : new DeskRisk(desk);
        if (!rows.IsExact)
        {
            var through = rows.State!.Value.Through;
            return new PastState(risk.ToView(through), risk.FeedState, risk.AppliedThrough, through);
        }

        var at = rows.State?.Through;
        foreach (var (sequence, bytes) in rows.Records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = StoredRecord.Decode(desk, sequence, bytes);
            if (risk.ReplayAsOf(record, asOf))
            {
                at = record.At;
            }
        }

        risk.ArriveAt(asOf);
        return new PastState(risk.ToView(at), risk.FeedState, risk.AppliedThrough, null);
    }
}
