namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>The shapes of envelopes that came lately: a create, an update and a delete each have one. Safe for several threads.</summary>
internal sealed class EnvelopeShapes
{
    private const int Kept = 4;

    /// <summary>So many messages are learnt from in a row; afterwards one in <see cref="LearnEvery"/>, so that a feed without common shapes costs little more.</summary>
    private const int LearnAtOnce = 16;
    private const int LearnEvery = 1_024;

    private EnvelopeShape[] _shapes = [];
    private long _unknown;

    /// <summary>Finds the values of a message.</summary>
    /// <param name="slots">Receives them; empty. Undefined where the answer is false.</param>
    /// <returns>False where no shape fits.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, ref EventSlots slots)
    {
        var shapes = Volatile.Read(ref _shapes);
        if (shapes.Length == 0 || !EnvelopeShape.IsPlain(json))
        {
            return false;
        }

        foreach (var shape in shapes)
        {
            slots = default;
            if (shape.TryRead(json, ref slots))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Learns the shape of a message that was parsed.</summary>
    public void Learn(ReadOnlySpan<byte> json, scoped ref EventSlots found)
    {
        var unknown = Interlocked.Increment(ref _unknown);
        if ((unknown <= LearnAtOnce || unknown % LearnEvery == 0) && EnvelopeShape.IsPlain(json) && EnvelopeShape.Of(json, ref found) is { } shape)
        {
            Volatile.Write(ref _shapes, [shape, .. _shapes.Take(Kept - 1)]);
        }
    }
}
