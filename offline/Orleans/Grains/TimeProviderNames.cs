namespace Orleans.Runtime;

/// <summary>Keys under which a silo looks up a clock of its own for an area; without one, the unkeyed clock is used.</summary>
public static class TimeProviderNames
{
    public const string ActivationManagement = "Orleans.ActivationManagement";
    public const string Grains = "Orleans.Grains";
    public const string Messaging = "Orleans.Messaging";
}
