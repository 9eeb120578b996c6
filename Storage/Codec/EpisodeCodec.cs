using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Episodes;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Codec;

/// <summary>The binary form of breach episodes and of the reports about them.</summary>
internal static class EpisodeCodec
{
    private const byte NotCured = 0xFF;

    public static void Write(CodecWriter to, EpisodeKey key)
    {
        to.Byte((byte)key.Metric);
        to.String(key.Horizon);
        to.String(key.Profile);
    }

    public static EpisodeKey ReadKey(ref CodecReader from) => new((RiskMetric)from.Byte(), from.String(), from.String());

    public static void Write(CodecWriter to, Episode episode)
    {
        Write(to, episode.Key);
        to.Int(episode.Number);
        to.Guid(episode.AlertId);
        to.Instant(episode.OpenedAt);
        to.Decimal(episode.OpenedValue);
        Write(to, episode.Cause);
        to.String(episode.Limit.LimitId);
        to.Int(episode.Limit.Version);
        to.Decimal(episode.Value);
        to.String(episode.Unit);
        to.Decimal(episode.Threshold);
        to.Byte((byte)episode.Severity);
        to.Int(episode.Revision);
        to.Decimal(episode.PeakValue);
        to.Instant(episode.PeakAt);
        to.Instant(episode.CuredAt);
        to.Byte(episode.CureReason is { } reason ? (byte)reason : NotCured);
        to.Bool(episode.Transient);
    }

    // Initialisers run in the order in which they are written: that of Write.
    public static Episode ReadEpisode(ref CodecReader from) => new()
    {
        Key = ReadKey(ref from),
        Number = from.Int(),
        AlertId = from.Guid(),
        OpenedAt = from.Instant(),
        OpenedValue = from.Decimal(),
        Cause = ReadCause(ref from),
        Limit = new LimitReference(from.String(), from.Int()),
        Value = from.Decimal(),
        Unit = from.String(),
        Threshold = from.Decimal(),
        Severity = (Severity)from.Byte(),
        Revision = from.Int(),
        PeakValue = from.Decimal(),
        PeakAt = from.Instant(),
        CuredAt = from.InstantOrNull(),
        CureReason = from.Byte() is var reason && reason != NotCured ? (CureReason)reason : null,
        Transient = from.Bool(),
    };

    public static void WriteAll(CodecWriter to, IReadOnlyList<Episode> episodes)
    {
        to.Count(episodes.Count);
        foreach (var episode in episodes)
        {
            Write(to, episode);
        }
    }

    public static Episode[] ReadAll(ref CodecReader from)
    {
        var episodes = new Episode[from.Count()];
        for (var i = 0; i < episodes.Length; i++)
        {
            episodes[i] = ReadEpisode(ref from);
        }

        return episodes;
    }

    public static void Write(CodecWriter to, EpisodeReport report)
    {
        to.String(report.Desk);
        to.Long(report.Sequence);
        Write(to, report.Episode);
        to.String(report.Unit);
        to.Byte((byte)report.Feed);
        to.Instant(report.DetectedAt);
        Write(to, report.Context.Totals);
        WriteGroups(to, report.Context.Currencies);
        WriteGroups(to, report.Context.Traders);
        WriteGroups(to, report.Context.Securities);
        to.Instant(report.Context.OldestDeltaAt);
    }

    public static EpisodeReport ReadReport(ref CodecReader from) => new(
        from.String(),
        from.Long(),
        ReadEpisode(ref from),
        from.String(),
        (FeedState)from.Byte(),
        from.Instant(),
        new BreachContext(ReadTotals(ref from), ReadGroups(ref from), ReadGroups(ref from), ReadGroups(ref from), from.InstantOrNull()));

    public static void Write(CodecWriter to, Totals totals)
    {
        to.Decimal(totals.Long);
        to.Decimal(totals.Short);
        to.Int(totals.Count);
        to.Int(totals.Missing);
    }

    public static Totals ReadTotals(ref CodecReader from) => new(from.Decimal(), from.Decimal(), from.Int(), from.Int());

    private static void Write(CodecWriter to, BreachCause cause)
    {
        to.Byte((byte)cause.Kind);
        PositionCodec.Write(to, cause.Delivery);
        to.String(cause.PositionId);
        PositionCodec.Write(to, cause.Source);
        to.String(cause.TransactionId);
        PositionCodec.Write(to, cause.Time);
        to.Instant(cause.IngestedAt);
    }

    private static BreachCause ReadCause(ref CodecReader from) => new(
        (CauseKind)from.Byte(),
        PositionCodec.ReadDeliveryOrNull(ref from),
        from.StringOrNull(),
        PositionCodec.ReadSourceOrNull(ref from),
        from.StringOrNull(),
        PositionCodec.ReadTimeOrNull(ref from),
        from.InstantOrNull());

    private static void WriteGroups(CodecWriter to, IReadOnlyList<Group> groups)
    {
        to.Count(groups.Count);
        foreach (var group in groups)
        {
            to.String(group.Key);
            to.String(group.Unit);
            Write(to, group.Totals);
        }
    }

    private static Group[] ReadGroups(ref CodecReader from)
    {
        var groups = new Group[from.Count()];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = new Group(from.String(), from.String(), ReadTotals(ref from));
        }

        return groups;
    }
}
