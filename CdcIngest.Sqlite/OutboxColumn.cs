namespace RiskMonitor.CdcIngest.Sqlite;

/// <summary>What a column of <c>positions</c> means, whatever type its owner declared.</summary>
internal enum OutboxColumnKind
{
    Text,
    Amount,
    Date,
    Time,
}

/// <summary>A column that the feed reads.</summary>
internal sealed record OutboxColumn(string Name, OutboxColumnKind Kind)
{
    /// <summary>The columns in the order in which the outbox holds them; the first is the key.</summary>
    public static readonly IReadOnlyList<OutboxColumn> All =
    [
        new("position_id", OutboxColumnKind.Text),
        new("trader_id", OutboxColumnKind.Text),
        new("desk", OutboxColumnKind.Text),
        new("security_id", OutboxColumnKind.Text),
        new("quantity", OutboxColumnKind.Amount),
        new("delta", OutboxColumnKind.Amount),
        new("entry_date", OutboxColumnKind.Date),
        new("currency", OutboxColumnKind.Text),
        new("created_at", OutboxColumnKind.Time),
        new("updated_at", OutboxColumnKind.Time),
    ];

    /// <summary>May be NULL, or is not read by anybody.</summary>
    public bool IsOptional => Name is "delta" or "created_at" or "updated_at";
}
