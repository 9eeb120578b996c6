using System.Net;
using System.Net.Sockets;
using MySqlConnector;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Storage.Tests.MySql;

/// <summary>Connections that end in the middle, and connections that hold locks and say no more.</summary>
public sealed class ServerTroubleTests
{
    [Fact]
    public async Task A_desk_that_a_silent_connection_has_locked_holds_up_no_other()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var (rates, credit) = (new DeskRisk("Rates"), new DeskRisk("Credit"));
        await database.Journal.AppendAsync(Samples.Trade(rates, 1), default);
        await database.Journal.AppendAsync(Samples.Trade(credit, 1), default);

        await using (var silent = new MySqlConnection(database.Path))
        {
            await silent.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await silent.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var locking = new MySqlCommand("SELECT desk_id FROM desks FORCE INDEX (desks_by_name) WHERE desk = 'Rates' FOR UPDATE", silent, transaction);
            await locking.ExecuteScalarAsync(TestContext.Current.CancellationToken);

            var locked = database.Journal.AppendAsync(Samples.Trade(rates, 2), default);
            await database.Journal.AppendAsync(Samples.Trade(credit, 2), default);
            Assert.Contains("has locked the desk", (await Assert.ThrowsAsync<StorageWriteException>(() => locked)).Message);
        }

        Assert.Equal(2, (await database.Journal.LoadAsync("Credit", default)).Tail.Count);
        var again = new DeskRisk("Rates");
        foreach (var record in (await database.Journal.LoadAsync("Rates", default)).Tail)
        {
            again.Replay(record);
        }

        await database.Journal.AppendAsync(Samples.Trade(again, 2), default);
        Assert.Equal(2, (await database.Journal.LoadAsync("Rates", default)).Tail.Count);
    }

    [Fact]
    public async Task A_record_that_the_server_refuses_fails_alone()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var refused = new DeskRisk(new string('x', 1_001));
        var desks = Enumerable.Range(0, 20).Select(number => new DeskRisk($"Desk {number}")).ToList();

        // Many at once, so that they are written as groups.
        var failing = database.Journal.AppendAsync(Samples.Trade(refused, 1), default);
        await Task.WhenAll(desks.Select(desk => database.Journal.AppendAsync(Samples.Trade(desk, 1), default)));

        Assert.Contains("Data too long", (await Assert.ThrowsAsync<StorageWriteException>(() => failing)).Message);
        Assert.Equal(desks.Count, (await database.Journal.DesksAsync(default)).Count);
    }

    [Fact]
    public async Task The_server_ends_a_transaction_that_says_no_more()
    {
        await using var database = await TestServer.MariaDb.CreateAsync();

        var bounds = await database.Get<MySqlStorage>().WriteAsync(
            (_, db) => db.ListAsync("SELECT @@session.wait_timeout, @@session.innodb_lock_wait_timeout", row => (row.GetInt64(0), row.GetInt64(1))), default);

        Assert.Equal([(10L, 3L)], bounds);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(40_000)]
    [InlineData(150_000)]
    public async Task A_connection_that_ends_while_a_desk_is_read_makes_no_desk_unreadable(int afterBytes)
    {
        await using var database = await TestServer.MariaDb.CreateAsync();
        var risk = new DeskRisk("Rates");
        for (var position = 0; position < 1_000; position++)
        {
            await database.Journal.AppendAsync(Samples.Trade(risk, 1, positionId: $"p-{position}"), default);
        }

        await using var proxy = new CuttingProxy((int)new MySqlConnectionStringBuilder(database.Path).Port);
        var connection = new MySqlConnectionStringBuilder(database.Path) { Port = (uint)proxy.Port, SslMode = MySqlSslMode.Disabled };
        await using var reading = await TestDatabase.OpenMySqlAsync(connection.ConnectionString, null, null, () => Task.CompletedTask);
        proxy.CutOnceAfter(afterBytes);

        Assert.Equal(1_000, (await reading.Get<IDeskJournal>().OpenAsync("Rates", default)).Stored.Tail.Count);
        Assert.True(proxy.HasCut, "no connection ended");
    }

    /// <summary>Stands between a client and the server, and once ends a connection in the middle of what the server says.</summary>
    private sealed class CuttingProxy : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly int _server;
        private readonly Task _accepting;
        private int _left = int.MaxValue;

        public CuttingProxy(int server)
        {
            _server = server;
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync();
        }

        public int Port { get; }

        public bool HasCut { get; private set; }

        public void CutOnceAfter(int bytes) => Volatile.Write(ref _left, bytes);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _accepting;
            _stop.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
                }
            }
            catch (OperationCanceledException)
            {
                // The test ends.
            }
        }

        private async Task CarryAsync(TcpClient client)
        {
            using var ours = client;
            using var theirs = new TcpClient();
            try
            {
                await theirs.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                await Task.WhenAny(ours.GetStream().CopyToAsync(theirs.GetStream(), _stop.Token), AnswerAsync(theirs.GetStream(), ours.GetStream()));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // One of both has gone.
            }
        }

        private async Task AnswerAsync(NetworkStream from, NetworkStream to)
        {
            var buffer = new byte[4096];
            while (await from.ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                var left = Volatile.Read(ref _left);
                await to.WriteAsync(buffer.AsMemory(0, Math.Min(count, left)), _stop.Token);
                if (left == int.MaxValue)
                {
                    continue;
                }

                if (count >= left)
                {
                    (HasCut, _left) = (true, int.MaxValue);
                    return;
                }

                Volatile.Write(ref _left, left - count);
            }
        }
    }
}
