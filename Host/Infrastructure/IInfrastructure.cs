namespace RiskMonitor.Host.Infrastructure;

/// <summary>What the roles stand on: where state is kept, how grains are reached, where changes come from.</summary>
internal interface IInfrastructure
{
    /// <summary>The feed whose state answers report.</summary>
    string FeedName { get; }

    /// <summary>Registers the stores of every role.</summary>
    void AddStorage(WebApplicationBuilder builder);

    /// <summary>Makes the process a silo.</summary>
    void AddSilo(WebApplicationBuilder builder);

    /// <summary>Makes the process a client of silos in other processes.</summary>
    void AddClient(WebApplicationBuilder builder);

    /// <summary>Registers a feed, and the pipeline from its messages to the desks.</summary>
    void AddIngest(WebApplicationBuilder builder);

    /// <summary>Tells a frontend of changes that other processes make.</summary>
    void AddLiveUpdates(WebApplicationBuilder builder);

    /// <summary>Opens what the services need before they start.</summary>
    /// <exception cref="InvalidOperationException">It cannot be opened until the user has put something right; the message says what.</exception>
    Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken);
}
