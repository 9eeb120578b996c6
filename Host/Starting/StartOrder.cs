namespace RiskMonitor.Host.Starting;

/// <summary>
/// Starts the parts of a cluster's process one after the other, beside its HTTP listener, which is there from the first second: a process that waits for
/// MySQL, Kafka or a silo is alive and says so. It stops them in the reverse order.
/// </summary>
internal sealed partial class StartOrder : IHostedLifecycleService
{
    private const string Key = "in order";

    private readonly IServiceProvider _services;
    private readonly ProcessState _state;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly HostSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger<StartOrder> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IHostedService> _started = [];
    private Task _starting = Task.CompletedTask;
    private bool _hasNotStopped;

    public StartOrder(
        IServiceProvider services, ProcessState state, IHostApplicationLifetime lifetime, HostSettings settings, TimeProvider clock, ILogger<StartOrder> logger)
    {
        (_services, _state, _lifetime, _settings, _clock, _logger) = (services, state, lifetime, settings, clock, logger);
        // A balancer must not send anything more, so readiness ends before anything else does.
        lifetime.ApplicationStopping.Register(() =>
        {
            state.BeginStopping();
            _stop.Cancel();
        });
    }

    /// <summary>What has to be done before the parts start; set by the host that builds the process.</summary>
    public Func<CancellationToken, Task> Prepare { get; set; } = _ => Task.CompletedTask;

    /// <summary>Takes over the hosted services that are registered so far.</summary>
    public static void TakeOver(IServiceCollection services)
    {
        foreach (var part in services.Where(service => service.ServiceType == typeof(IHostedService) && !service.IsKeyedService).ToList())
        {
            services.Remove(part);
            services.Add(part switch
            {
                { ImplementationInstance: { } instance } => new ServiceDescriptor(typeof(IHostedService), Key, instance),
                { ImplementationFactory: { } factory } => new ServiceDescriptor(typeof(IHostedService), Key, (provider, _) => factory(provider), ServiceLifetime.Singleton),
                _ => new ServiceDescriptor(typeof(IHostedService), Key, part.ImplementationType!, ServiceLifetime.Singleton),
            });
        }

        services.AddSingleton<ProcessState>();
        services.AddSingleton<StartOrder>();
        services.AddHostedService(provider => provider.GetRequiredService<StartOrder>());
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Lets the balancer see that this process is not ready any more, before it is not reachable any more.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _state.BeginStopping();
        return _starting.IsCompletedSuccessfully ? Task.Delay(_settings.DrainDelay, _clock, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Stops every part, whatever happens to the others. An exception thrown from here would end the process as a crash does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var part in Enumerable.Reverse(_started))
        {
            try
            {
                await part.StopAsync(cancellationToken);
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                // What the part had not done is done again by the process that takes over.
                LogNotStopped(exception, part.GetType().Name);
            }
            catch (Exception exception)
            {
                _hasNotStopped = true;
                LogNotStopped(exception, part.GetType().Name);
            }
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether a part has ended by an error, or could not be stopped for another reason than that the time for it was over.</summary>
    public bool HasFailedPart => _hasNotStopped || _started.OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });

    /// <summary>Until everything has started.</summary>
    /// <exception cref="OperationCanceledException">It is asked to stop.</exception>
    public Task WaitAsync() => _starting;

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Prepare(cancellationToken);
            foreach (var part in _services.GetKeyedServices<IHostedService>(Key))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _state.IsDoing($"starting {part.GetType().Name}");
                _started.Add(part);
                // A background service would take the token for its whole life, and end while requests are still drained.
                await part.StartAsync(part is BackgroundService ? CancellationToken.None : cancellationToken);
                if (part is BackgroundService background)
                {
                    _ = StopWithAsync(background);
                }
            }

            _state.HasStarted();
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The host that waits for the start says why.
            _lifetime.StopApplication();
            throw;
        }
    }

    /// <summary>A part that fails ends the process, as the host does with parts that it starts itself: whoever supervises it starts it again.</summary>
    private async Task StopWithAsync(BackgroundService part)
    {
        await part.ExecuteTask!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (part.ExecuteTask is { IsFaulted: true, Exception: { } failure } && !_stop.IsCancellationRequested)
        {
            LogPartFailed(failure.GetBaseException(), part.GetType().Name);
            _lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Part} has failed, so this process stops")]
    private partial void LogPartFailed(Exception exception, string part);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Part} did not stop in order")]
    private partial void LogNotStopped(Exception exception, string part);
}
