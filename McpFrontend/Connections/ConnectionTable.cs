using System.Net;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>
/// Counts the connections, all of them and by address. Where there are too many, a new one takes the place of the one that has gone longest without
/// a request of a known caller in flight, of the same address or, where all addresses together have too many, of any; those that never had one give
/// way first. Connections that are silent, idle, or slow to read what everybody may ask for cannot keep new clients out.
/// </summary>
internal sealed class ConnectionTable(IOptions<ConnectionOptions> options, TrustedProxies proxies)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Network> _networks = new(StringComparer.Ordinal);
    private readonly IdleConnections _idle = new();
    private int _count;

    /// <param name="abort">Ends the connection when its place is given to another.</param>
    /// <returns>Null where there is no place: every other connection has a request of a known caller under way.</returns>
    public Connection? Enter(IPAddress? address, Action abort)
    {
        Connection? displaced = null;
        Connection? entered = null;
        lock (_lock)
        {
            var name = NetworkName.Of(address);
            var network = _networks.GetValueOrDefault(name) ?? new Network();
            // A proxy brings the connections of all its clients; those are counted by request.
            var isFull = !proxies.IsTrusted(address) && network.Count >= options.Value.MostPerAddress;
            if (isFull || _count >= options.Value.Most)
            {
                displaced = (isFull ? network.Idle : _idle).First;
                if (displaced is null)
                {
                    return null;
                }

                Remove(displaced);
            }

            entered = new Connection(this, name, abort);
            _networks[name] = network;
            network.Count++;
            _count++;
            AddIdle(entered);
        }

        displaced?.Abort();
        return entered;
    }

    /// <summary>Connections that have a place.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    private void AddIdle(Connection connection)
    {
        _idle.Add(connection, connection.InAll);
        _networks[connection.Network].Idle.Add(connection, connection.InNetwork);
    }

    private static void RemoveIdle(Connection connection)
    {
        connection.InAll.List?.Remove(connection.InAll);
        connection.InNetwork.List?.Remove(connection.InNetwork);
    }

    private void Remove(Connection connection)
    {
        if (connection.IsGone)
        {
            return;
        }

        connection.IsGone = true;
        RemoveIdle(connection);
        _count--;
        var network = _networks[connection.Network];
        if (--network.Count == 0)
        {
            _networks.Remove(connection.Network);
        }
    }

    private sealed class Network
    {
        public int Count { get; set; }

        public IdleConnections Idle { get; } = new();
    }

    /// <summary>Connections without a request of a known caller in flight.</summary>
    private sealed class IdleConnections
    {
        private readonly LinkedList<Connection> _ofNobody = new();
        private readonly LinkedList<Connection> _ofKnown = new();

        /// <summary>The next to give way: the one that has been idle longest of those without a known caller, else of the others.</summary>
        public Connection? First => (_ofNobody.First ?? _ofKnown.First)?.Value;

        public void Add(Connection connection, LinkedListNode<Connection> node) => (connection.IsKnown ? _ofKnown : _ofNobody).AddLast(node);
    }

    /// <summary>A connection's place, held until it is disposed. While a request of a known caller is in flight, the place is not given to another connection.</summary>
    public sealed class Connection : IDisposable
    {
        private readonly ConnectionTable _table;
        private readonly Action _abort;
        private int _underWay;

        internal Connection(ConnectionTable table, string network, Action abort)
        {
            (_table, Network, _abort) = (table, network, abort);
            InAll = new LinkedListNode<Connection>(this);
            InNetwork = new LinkedListNode<Connection>(this);
        }

        internal string Network { get; }

        internal LinkedListNode<Connection> InAll { get; }

        internal LinkedListNode<Connection> InNetwork { get; }

        internal bool IsGone { get; set; }

        /// <summary>A known caller has asked on it.</summary>
        internal bool IsKnown { get; private set; }

        /// <summary>A request of a known caller has begun.</summary>
        public void Begin()
        {
            lock (_table._lock)
            {
                IsKnown = true;
                if (_underWay++ == 0 && !IsGone)
                {
                    RemoveIdle(this);
                }
            }
        }

        /// <summary>It has been answered.</summary>
        public void End()
        {
            lock (_table._lock)
            {
                if (--_underWay == 0 && !IsGone)
                {
                    _table.AddIdle(this);
                }
            }
        }

        public void Dispose()
        {
            lock (_table._lock)
            {
                _table.Remove(this);
            }
        }

        internal void Abort() => _abort();
    }
}
