using System.Net;

namespace Orleans.Configuration;

/// <summary>The names of the cluster and of the service.</summary>
public class ClusterOptions
{
    public const string DefaultClusterId = "default";
    public const string DefaultServiceId = "default";

    public string ClusterId { get; set; } = DefaultClusterId;

    public string ServiceId { get; set; } = DefaultServiceId;
}

/// <summary>The name of the silo.</summary>
public class SiloOptions
{
    public string? SiloName { get; set; }
}

/// <summary>Where a silo would listen; the stand-in only shows it in the silo's address.</summary>
public class EndpointOptions
{
    public const int DEFAULT_SILO_PORT = 11111;
    public const int DEFAULT_GATEWAY_PORT = 30000;

    public IPAddress? AdvertisedIPAddress { get; set; }

    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;

    public IPEndPoint? SiloListeningEndpoint { get; set; }

    public IPEndPoint? GatewayListeningEndpoint { get; set; }
}

/// <summary>When idle activations go away.</summary>
public class GrainCollectionOptions
{
    public static readonly TimeSpan DEFAULT_COLLECTION_QUANTUM = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan DEFAULT_ACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DEFAULT_DEACTIVATION_TIMEOUT = TimeSpan.FromSeconds(30);

    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionQuantum { get; set; } = DEFAULT_COLLECTION_QUANTUM;

    /// <summary>Ages for single grain classes, by their full name.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

    public TimeSpan ActivationTimeout { get; set; } = DEFAULT_ACTIVATION_TIMEOUT;

    public TimeSpan DeactivationTimeout { get; set; } = DEFAULT_DEACTIVATION_TIMEOUT;
}

/// <summary>How long callers wait.</summary>
public abstract class MessagingOptions
{
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ResponseTimeoutWithDebugger { get; set; } = TimeSpan.FromMinutes(30);

    public bool DropExpiredMessages { get; set; } = true;

    public bool CancelRequestOnTimeout { get; set; } = true;

    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;
}

/// <summary>How long grains, and hosts of silos, wait.</summary>
public class SiloMessagingOptions : MessagingOptions
{
    public TimeSpan SystemResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaxRequestProcessingTime { get; set; } = TimeSpan.FromHours(2);

    public int MaxForwardCount { get; set; } = 2;
}

/// <summary>How long clients outside wait.</summary>
public class ClientMessagingOptions : MessagingOptions;

/// <summary>How memory storage works; the stand-in needs nothing of it.</summary>
public class MemoryGrainStorageOptions
{
    public const int NumStorageGrainsDefaultValue = 10;

    public int NumStorageGrains { get; set; } = NumStorageGrainsDefaultValue;
}
