using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace RiskMonitor.Silo;

/// <summary>
/// Stands in for the sockets of a silo that has no other silos and no clients outside its process: it listens on nothing and connects to nothing.
/// The silo's port is then only a part of its name, and hosts on one machine may all have the same.
/// </summary>
internal sealed class NoTransport : IConnectionListenerFactory, IConnectionFactory
{
    /// <summary>Replaces every transport that Orleans has registered. Their keys are its own, so they are taken from the registrations.</summary>
    /// <exception cref="InvalidOperationException">There is none: this version of Orleans opens its ports in another way.</exception>
    public static void Replace(IServiceCollection services)
    {
        var registered = services
            .Where(service => service.IsKeyedService && (service.ServiceType == typeof(IConnectionListenerFactory) || service.ServiceType == typeof(IConnectionFactory)))
            .ToList();
        if (!registered.Exists(service => service.ServiceType == typeof(IConnectionListenerFactory)))
        {
            throw new InvalidOperationException("Orleans has registered no transport that could be replaced, so the silo would open a port without authentication");
        }

        foreach (var service in registered)
        {
            services.Remove(service);
            services.AddKeyedSingleton(service.ServiceType, service.ServiceKey, new NoTransport());
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Listener(endpoint));

    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        throw new ConnectionAbortedException($"this silo is alone in its cluster and opens no connections, so it does not connect to {endpoint}");

    /// <summary>Waits for connections that never come, until it is unbound.</summary>
    private sealed class Listener(EndPoint endPoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_unbound.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _unbound.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
