using System.Text.Json;

namespace RiskMonitor.CdcIngest.Decoding;

/// <summary>
/// What envelopes of one kind have in common: everything but their values. A connector writes the same names in the same order each time, so that an
/// envelope that was parsed shows where the values of the next ones are and what they mean. Never changes.
/// </summary>
internal sealed class EnvelopeShape
{
    private const int NoSlot = -1;

    /// <summary>What stands before each value, from the end of the value before it on.</summary>
    private readonly List<byte[]> _before = [];

    /// <summary>The slot of each value (<see cref="EventSlots.this"/>), or <see cref="NoSlot"/>.</summary>
    private readonly List<int> _slots = [];
    private readonly bool _hasSource;
    private readonly bool _hasRowBefore;
    private readonly bool _hasRowAfter;
    private byte[] _end = [];

    private EnvelopeShape(scoped ref EventSlots found) =>
        (_hasSource, _hasRowBefore, _hasRowAfter) = (found.HasSource, found.Before.IsRow, found.After.IsRow);

    /// <summary>Whether messages can be read by shapes at all. Escapes and control characters are left to the parser.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> json) => !json.ContainsAnyInRange((byte)0, (byte)0x1F) && !json.Contains((byte)'\\');

    /// <summary>Learns the shape of a message.</summary>
    /// <param name="json">Was parsed, and is plain.</param>
    /// <param name="found">What the parser found in it.</param>
    /// <returns>Null where the message is no envelope, or a slot has something else than a single value.</returns>
    public static EnvelopeShape? Of(ReadOnlySpan<byte> json, scoped ref EventSlots found)
    {
        if (!found.IsEnvelope)
        {
            return null;
        }

        var shape = new EnvelopeShape(ref found);
        var slotAt = SlotsByPlace(json, ref found);
        var reader = new Utf8JsonReader(json);
        var end = 0;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
            {
                var start = (int)reader.TokenStartIndex;
                shape._before.Add(json[end..start].ToArray());
                shape._slots.Add(slotAt.Remove(reader.TokenType == JsonTokenType.String ? start + 1 : start, out var slot) ? slot : NoSlot);
                end = (int)reader.BytesConsumed;
            }
        }

        shape._end = json[end..].ToArray();
        return slotAt.Count == 0 ? shape : null;
    }

    /// <summary>Finds the values of a message that is plain.</summary>
    /// <param name="slots">Receives them. Undefined where the answer is false.</param>
    /// <returns>False where the message has another shape.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, ref EventSlots slots)
    {
        for (var i = 0; i < _before.Count; i++)
        {
            var before = _before[i];
            if (!json.StartsWith(before) || !JsonSlot.TryReadValue(json[before.Length..], out var value, out var length))
            {
                return false;
            }

            json = json[(before.Length + length)..];
            if (_slots[i] is var slot and not NoSlot)
            {
                slots[slot] = value;
            }
        }

        (slots.HasSource, slots.Before.IsRow, slots.After.IsRow) = (_hasSource, _hasRowBefore, _hasRowAfter);
        return json.SequenceEqual(_end);
    }

    /// <summary>Where in the message the values of the slots are; the place of one that is no value of its own is none that a value can have.</summary>
    private static Dictionary<int, int> SlotsByPlace(ReadOnlySpan<byte> json, scoped ref EventSlots found)
    {
        const int Nowhere = -1;
        var places = new Dictionary<int, int>();
        for (var slot = 0; slot < EventSlots.OfEnvelope; slot++)
        {
            if (found[slot].IsPresent && !places.TryAdd(found[slot].PlaceIn(json) ?? Nowhere, slot))
            {
                places[Nowhere] = slot;
            }
        }

        return places;
    }
}
