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

    public static string Name(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.InFlight => "in_flight",
        DeliveryState.WaitingForEndpoint => "waiting_for_endpoint",
        DeliveryState.Delivered => "delivered",
        DeliveryState.DeadLetter => "dead_letter",
        _ => "ended",
    };

    public static IReadOnlyList<DeliveryState> DeliveryStates { get; } = Enum.GetValues<DeliveryState>();

    /// <returns>Null for a name that is none.</returns>
    public static DeliveryState? ParseDeliveryState(string name) => DeliveryStates.Where(state => state.Name() == name).Cast<DeliveryState?>().FirstOrDefault();

    public static IReadOnlyList<NotificationKind> NotificationKinds { get; } = Enum.GetValues<NotificationKind>();

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
