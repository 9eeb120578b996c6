namespace Orleans;

/// <summary>The way into the cluster from outside a grain.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
