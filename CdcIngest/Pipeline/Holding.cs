using System.Runtime.InteropServices;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.CdcIngest.Pipeline;

/// <summary>A position and the desks that hold it.</summary>
internal sealed class Holding(string desk, SourcePosition? source, int generation)
{
    /// <summary>The desk with the newest row.</summary>
    public string Desk { get; set; } = desk;

    /// <summary>Desks with an older row.</summary>
    public string[] Others { get; set; } = [];

    /// <summary>Of the newest row; null in forms without.</summary>
    public SourcePosition? Source { get; set; } = source;

    /// <summary>The snapshot during or after which the newest row was read.</summary>
    public int Generation { get; set; } = generation;

    /// <summary>Where the newest row came; null when it was loaded.</summary>
    public FeedPartition? Partition { get; set; }

    /// <summary>The database of the newest row; null when it was loaded.</summary>
    public string? Origin { get; set; }

    /// <summary>Adds what a desk holds.</summary>
    public static void Add(Dictionary<string, Holding?> positions, in HeldBy held)
    {
        ref var holding = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, held.PositionId, out var known);
        if (!known)
        {
            holding = new Holding(held.Desk, held.Source, held.Generation);
            return;
        }

        // The desk with the newest row comes first; the others have not learnt that the position left them.
        var isNewer = held.Generation > holding!.Generation
            || (held.Generation == holding.Generation && held.Source is { } source && holding.Source is { } other && source.IsAfter(other));
        if (isNewer)
        {
            holding = new Holding(held.Desk, held.Source, held.Generation) { Others = [holding.Desk, .. holding.Others] };
        }
        else
        {
            holding.Others = [.. holding.Others, held.Desk];
        }
    }
}
