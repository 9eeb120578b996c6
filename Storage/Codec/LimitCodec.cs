using RiskMonitor.Risk.Limits;

namespace RiskMonitor.Storage.Codec;

/// <summary>The binary form of limits.</summary>
internal static class LimitCodec
{
    public static void Write(CodecWriter to, LimitSet set)
    {
        to.Long(set.Version);
        to.String(set.Alerting.Profile);
        to.String(set.Alerting.Horizon);
        to.Count(set.Limits.Count);
        foreach (var limit in set.Limits)
        {
            Write(to, limit);
        }
    }

    public static LimitSet ReadSet(ref CodecReader from)
    {
        var version = from.Long();
        var alerting = new AlertingScope(from.String(), from.String());
        var limits = new RiskLimit[from.Count()];
        for (var i = 0; i < limits.Length; i++)
        {
            limits[i] = ReadLimit(ref from);
        }

        return new LimitSet(version, alerting, limits);
    }

    private static void Write(CodecWriter to, RiskLimit limit)
    {
        to.String(limit.LimitId);
        to.String(limit.Profile);
        to.Byte((byte)limit.Scope);
        to.String(limit.ScopeKey);
        to.Byte((byte)limit.Metric);
        to.String(limit.Horizon);
        to.Decimal(limit.Threshold);
        to.Decimal(limit.WarningRatio);
        to.Decimal(limit.CureRatio);
        to.Decimal(limit.Severity.Warning);
        to.Decimal(limit.Severity.Critical);
        to.String(limit.Currency);
        to.Instant(limit.ValidFrom);
        to.Instant(limit.ValidTo);
        to.Int(limit.Version);
        to.String(limit.Reason);
        to.String(limit.ChangedBy);
    }

    private static RiskLimit ReadLimit(ref CodecReader from) => new(
        from.String(),
        from.String(),
        (LimitScope)from.Byte(),
        from.String(),
        (RiskMetric)from.Byte(),
        from.String(),
        from.Decimal(),
        from.Decimal(),
        from.Decimal(),
        new SeveritySteps(from.Decimal(), from.Decimal()),
        from.StringOrNull(),
        from.InstantOrNull(),
        from.InstantOrNull(),
        from.Int(),
        from.String(),
        from.String());
}
