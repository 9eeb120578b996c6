using RiskMonitor.Risk.Journal;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Storage.Codec;

/// <summary>The binary form of positions and of their changes.</summary>
internal static class PositionCodec
{
    [Flags]
    private enum Has : byte
    {
        After = 1,
        Source = 2,
        Transaction = 4,
        Time = 8,
        TimeToSecond = 16,
        ConnectorTime = 32,
        UpdatedAt = 64,
        PositionIdOfAfter = 128,
    }

    public static void Write(CodecWriter to, PositionChange change)
    {
        var after = change.After;
        var has = (after is null ? 0 : Has.After)
            | (change.Source is null ? 0 : Has.Source)
            | (change.TransactionId is null ? 0 : Has.Transaction)
            | (change.Time is null ? 0 : Has.Time)
            | (change.Time is { CommittedToSecond: true } ? Has.TimeToSecond : 0)
            | (change.Time?.ConnectorAt is null ? 0 : Has.ConnectorTime)
            | (after?.UpdatedAt is null ? 0 : Has.UpdatedAt)
            | (after is not null && after.PositionId != change.PositionId ? Has.PositionIdOfAfter : 0);
        to.Byte((byte)has);
        Write(to, change.Delivery);
        to.String(change.PositionId);
        if (after is not null)
        {
            WriteRow(to, after, has);
        }

        if (change.Source is { } source)
        {
            Write(to, source);
        }

        if (change.TransactionId is not null)
        {
            to.String(change.TransactionId);
        }

        if (change.Time is { } time)
        {
            to.Instant(time.CommittedAt);
            if (time.ConnectorAt is { } connectorAt)
            {
                to.Instant(connectorAt);
            }
        }
    }

    public static PositionChange ReadChange(ref CodecReader from)
    {
        var has = (Has)from.Byte();
        var delivery = ReadDelivery(ref from);
        var positionId = from.String();
        var after = has.HasFlag(Has.After) ? ReadRow(ref from, positionId, has) : null;
        SourcePosition? source = has.HasFlag(Has.Source) ? ReadSource(ref from) : null;
        var transactionId = has.HasFlag(Has.Transaction) ? from.String() : null;
        SourceTime? time = null;
        if (has.HasFlag(Has.Time))
        {
            var committedAt = from.Instant();
            DateTimeOffset? connectorAt = has.HasFlag(Has.ConnectorTime) ? from.Instant() : null;
            time = new SourceTime(committedAt, has.HasFlag(Has.TimeToSecond), connectorAt);
        }

        return new PositionChange(delivery, positionId, after, source, transactionId, time);
    }

    public static void Write(CodecWriter to, HeldPosition held)
    {
        var has = (held.Source is null ? 0 : Has.Source) | (held.Row.UpdatedAt is null ? 0 : Has.UpdatedAt);
        to.Byte((byte)has);
        to.String(held.Row.PositionId);
        WriteRow(to, held.Row, has);
        if (held.Source is { } source)
        {
            Write(to, source);
        }

        to.String(held.Feed);
        to.Int(held.Generation);
    }

    public static HeldPosition ReadHeld(ref CodecReader from)
    {
        var has = (Has)from.Byte();
        return new HeldPosition(
            ReadRow(ref from, from.String(), has),
            has.HasFlag(Has.Source) ? ReadSource(ref from) : null,
            from.String(),
            from.Int());
    }

    public static void Write(CodecWriter to, Delivery delivery)
    {
        to.String(delivery.Topic);
        to.Int(delivery.Partition);
        to.Long(delivery.Offset);
    }

    public static Delivery ReadDelivery(ref CodecReader from) => new(from.String(), from.Int(), from.Long());

    public static void Write(CodecWriter to, Delivery? delivery)
    {
        to.Bool(delivery is not null);
        if (delivery is not null)
        {
            Write(to, delivery.Value);
        }
    }

    public static Delivery? ReadDeliveryOrNull(ref CodecReader from) => from.Bool() ? ReadDelivery(ref from) : null;

    public static void Write(CodecWriter to, SourcePosition source)
    {
        to.String(source.Log);
        to.Long(source.File);
        to.Long(source.Offset);
        to.Int(source.Row);
    }

    public static SourcePosition ReadSource(ref CodecReader from) => new(from.String(), from.Long(), from.Long(), from.Int());

    public static void Write(CodecWriter to, SourcePosition? source)
    {
        to.Bool(source is not null);
        if (source is not null)
        {
            Write(to, source.Value);
        }
    }

    public static SourcePosition? ReadSourceOrNull(ref CodecReader from) => from.Bool() ? ReadSource(ref from) : null;

    public static void Write(CodecWriter to, SourceTime? time)
    {
        to.Bool(time is not null);
        if (time is { } known)
        {
            to.Instant(known.CommittedAt);
            to.Bool(known.CommittedToSecond);
            to.Instant(known.ConnectorAt);
        }
    }

    public static SourceTime? ReadTimeOrNull(ref CodecReader from) =>
        from.Bool() ? new SourceTime(from.Instant(), from.Bool(), from.InstantOrNull()) : null;

    private static void WriteRow(CodecWriter to, Position row, Has has)
    {
        if (has.HasFlag(Has.PositionIdOfAfter))
        {
            to.String(row.PositionId);
        }

        to.String(row.TraderId);
        to.String(row.Desk);
        to.String(row.SecurityId);
        to.Decimal(row.Quantity);
        to.Decimal(row.Delta);
        to.Date(row.EntryDate);
        to.String(row.Currency);
        if (row.UpdatedAt is { } updatedAt)
        {
            to.Instant(updatedAt);
        }
    }

    private static Position ReadRow(ref CodecReader from, string positionId, Has has) => new(
        has.HasFlag(Has.PositionIdOfAfter) ? from.String() : positionId,
        from.String(),
        from.String(),
        from.String(),
        from.Decimal(),
        from.DecimalOrNull(),
        from.Date(),
        from.String(),
        has.HasFlag(Has.UpdatedAt) ? from.Instant() : null);
}
