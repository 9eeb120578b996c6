namespace Orleans.Offline;

/// <summary>Present among the services when calls carry their trace context.</summary>
internal sealed class ActivityPropagation;
