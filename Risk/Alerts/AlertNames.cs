namespace RiskMonitor.Risk.Alerts;

/// <summary>The names of states and kinds in answers and messages.</summary>
public static class AlertNames
{
    public static string Name(this AlertStatus status) => status switch
    {
        AlertStatus.PendingAnalysis => "pending_analysis",
        AlertStatus.PendingDelivery => "pending_delivery",
        AlertStatus.Delivered => "delivered",
        AlertStatus.Consumed => "consumed",
        _ => "dead_letter",
    };

    public static IReadOnlyList<AlertStatus> Statuses { get; } = Enum.GetValues<AlertStatus>();

    /// <returns>Null for a name that is none.</returns>
    public static AlertStatus? ParseStatus(string name) => Statuses.Where(status => status.Name() == name).Cast<AlertStatus?>().FirstOrDefault();

    /// <summary>The webhook's event type.</summary>
    public static string TypeName(this NotificationKind kind) => kind switch
    {
        NotificationKind.Opened => "risk.alert.opened",
        NotificationKind.Escalated => "risk.alert.escalated",
        NotificationKind.Reminder => "risk.alert.reminder",
        _ => "risk.alert.cured",
    };

    public static string Name(this Disposition disposition) => disposition switch
    {
        Disposition.Seen => "seen",
        Disposition.Reducing => "reducing",
        Disposition.WaiverRequested => "waiver_requested",
        _ => "data_error",
    };

    public static IReadOnlyList<Disposition> Dispositions { get; } = Enum.GetValues<Disposition>();

    /// <returns>Null for a name that is none.</returns>
    public static Disposition? ParseDisposition(string name) =>
        Dispositions.Where(disposition => disposition.Name() == name).Cast<Disposition?>().FirstOrDefault();
}
