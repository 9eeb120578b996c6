using System.Net;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;

namespace RiskMonitor.McpFrontend.Connections;

/// <summary>
/// Counts the connections, all of them and by address. Where there are too many, a new one takes the place of the one that has gone longest without
/// a request under way, of the same address or, where all addresses together have too many, of any: silent connections cannot keep new clients out.
/// </summary>
internal sealed class ConnectionTable(IOptions<ConnectionOptions> options, TrustedProxies proxies)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Network> _networks = new(StringComparer.Ordinal);
    private readonly LinkedList<Connection> _idle = new();
    private int _count;

    /// <param name="abort">Ends the connection when its place is given to another.</param>
    /// <returns>Null where there is no place: every other connection has a request under way.</returns>
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
                displaced = (isFull ? network.Idle : _idle).First?.Value;
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
        _idle.AddLast(connection.InAll);
        _networks[connection.Network].Idle.AddLast(connection.InNetwork);
    }

    private void RemoveIdle(Connection connection)
    {
        if (connection.InAll.List is not null)
        {
            _idle.Remove(connection.InAll);
            _networks[connection.Network].Idle.Remove(connection.InNetwork);
        }
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

        /// <summary>The one that has been idle longest first.</summary>
        public LinkedList<Connection> Idle { get; } = new();
    }

    /// <summary>A connection's place, held until it is disposed. While a request is in flight, the place is not given to another connection.</summary>
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

        /// <summary>A request has begun.</summary>
        public void Begin()
        {
            lock (_table._lock)
            {
                if (_underWay++ == 0 && !IsGone)
                {
                    _table.RemoveIdle(this);
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
