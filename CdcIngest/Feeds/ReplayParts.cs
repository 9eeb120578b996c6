using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Feeds;

/// <summary>The parts of a replay line as they are found, and the first thing that is wrong with them.</summary>
internal sealed class ReplayParts
{
    private const int LongestName = 40;

    private int _seen;
    private string? _other;

    public string? Topic { get; set; }

    public int? Partition { get; set; }

    public long? Offset { get; set; }

    public byte[]? Key { get; set; }

    public byte[]? Payload { get; set; }

    public bool PayloadIsNull { get; set; }

    /// <summary>Null for a line that can be read.</summary>
    public string? Problem { get; private set; }

    public bool IsDelivery => Topic is { Length: > 0 } && Partition is not null && Offset is not null;

    public Delivery? Delivery(Func<string, string> intern) => IsDelivery ? new Delivery(intern(Topic!), Partition!.Value, Offset!.Value) : null;

    /// <returns>False where the field was seen before.</returns>
    public bool See(ReplayField field)
    {
        var bit = 1 << (int)field;
        var isFirst = field == ReplayField.Beside || (_seen & bit) == 0;
        _seen |= bit;
        return isFirst;
    }

    /// <summary>A field that kcat prints only where something went wrong, or that another tool prints.</summary>
    public void SeeOther(string name, bool isNull)
    {
        name = name.Length > LongestName ? name[..LongestName] + "…" : name;
        if (!isNull && name.EndsWith("error", StringComparison.OrdinalIgnoreCase))
        {
            Refuse($"\"{name}\" says that it could not be decoded");
        }
        else if (name is "value")
        {
            Refuse("\"value\", which kcat does not print; another tool's lines");
        }
        else
        {
            _other ??= name;
        }
    }

    public void Refuse(string problem) => Problem ??= problem;

    /// <summary>The line has been read to its end.</summary>
    public void Close()
    {
        if (!IsDelivery)
        {
            Refuse($"no {(Topic is not { Length: > 0 } ? "topic" : Partition is null ? "partition" : "offset")} that can be one");
        }

        if ((_seen & (1 << (int)ReplayField.Payload)) == 0)
        {
            Refuse(_other is null ? "no \"payload\"" : $"no \"payload\", but \"{_other}\"");
        }
        else if (PayloadIsNull && _other is not null)
        {
            Refuse($"\"payload\" is null beside \"{_other}\", which a tombstone does not have");
        }
    }
}

/// <summary>The fields of a replay line.</summary>
internal enum ReplayField
{
    Topic,
    Partition,
    Offset,
    Key,
    Payload,

    /// <summary>kcat prints it; it is not needed.</summary>
    Beside,

    /// <summary>kcat does not print it with a message that it could read.</summary>
    Other,
}
