using RiskMonitor.CdcIngest.Decoding;
using RiskMonitor.Grains.Interfaces;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>
/// A connector that has started again sends again what it had sent, in the same order. Its first messages may have been nulls, which could not be told from
/// news: this owner has applied them, or the one before it. What the run brings of their positions is noted, so that at its end they are as the source has them.
/// </summary>
/// <param name="beganAt">The offset of its first row. Offsets are not stored past it: the next owner reads the run again from there.</param>
/// <param name="beganWith">The nulls before that row.</param>
internal sealed class RepeatedRun(long beganAt, IReadOnlyList<UncertainDelete> beganWith, DateTimeOffset readAt)
{
    private readonly Dictionary<string, RepeatedState?> _states =
        beganWith.Select(deleted => deleted.PositionId).OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(id => id, _ => (RepeatedState?)null, StringComparer.Ordinal);

    public long BeganAt => beganAt;

    public IReadOnlyList<UncertainDelete> BeganWith => beganWith;

    /// <summary>When its last row was read.</summary>
    public DateTimeOffset ReadAt { get; private set; } = readAt;

    /// <summary>The positions concerned.</summary>
    public IEnumerable<string> Positions => _states.Keys;

    /// <summary>The last that it brought of each position, in the order of the messages.</summary>
    public IEnumerable<RepeatedState> States => _states.Values.OfType<RepeatedState>().OrderBy(state => state.Delivery.Offset);

    public void OnRow(DecodedMessage.Row row, Delivery delivery, DateTimeOffset at)
    {
        ReadAt = at;
        if (_states.ContainsKey(row.PositionId))
        {
            _states[row.PositionId] = new RepeatedState(row.PositionId, delivery, row, row.Source);
        }
    }

    /// <param name="after">The source position of the row before it.</param>
    public void OnNull(string positionId, Delivery delivery, SourcePosition? after)
    {
        if (_states.ContainsKey(positionId))
        {
            _states[positionId] = new RepeatedState(positionId, delivery, null, after);
        }
    }
}

/// <summary>What a repeated run brought last of a position.</summary>
/// <param name="Row">Null: its delete.</param>
/// <param name="Source">Where in the source's log; of a delete: at the least.</param>
internal sealed record RepeatedState(string PositionId, Delivery Delivery, DecodedMessage.Row? Row, SourcePosition? Source);
