using System.Net;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.McpFrontend.Connections;

namespace RiskMonitor.McpFrontend.Tests.Connections;

public sealed class ConnectionTableTests
{
    private static readonly IPAddress s_ann = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_bob = IPAddress.Parse("192.0.2.2");
    private readonly List<string> _ended = [];

    [Fact]
    public void A_new_connection_takes_the_place_of_the_one_of_its_address_that_is_idle_longest()
    {
        var table = Table(most: 10, perAddress: 2);
        table.Enter(s_bob, End("bob"));
        table.Enter(s_ann, End("ann 1"));
        table.Enter(s_ann, End("ann 2"));

        Assert.NotNull(table.Enter(s_ann, End("ann 3")));

        Assert.Equal(["ann 1"], _ended);
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void A_connection_with_a_request_under_way_keeps_its_place()
    {
        var table = Table(most: 10, perAddress: 2);
        var first = table.Enter(s_ann, End("first"))!;
        var second = table.Enter(s_ann, End("second"))!;
        first.Begin();

        Assert.NotNull(table.Enter(s_ann, End("third")));
        Assert.Equal(["second"], _ended);

        second.Dispose();
        first.End();
        Assert.NotNull(table.Enter(s_ann, End("fourth")));
        Assert.Equal(["second", "third"], _ended);
    }

    [Fact]
    public void Where_everybody_has_a_request_under_way_there_is_no_place()
    {
        var table = Table(most: 10, perAddress: 1);
        table.Enter(s_ann, End("first"))!.Begin();

        Assert.Null(table.Enter(s_ann, End("second")));
        Assert.NotNull(table.Enter(s_bob, End("bob")));
        Assert.Empty(_ended);
    }

    [Fact]
    public void Of_all_addresses_together_the_idlest_gives_way()
    {
        var table = Table(most: 2, perAddress: 2);
        table.Enter(s_ann, End("ann"));
        table.Enter(s_bob, End("bob"));

        Assert.NotNull(table.Enter(IPAddress.Parse("192.0.2.3"), End("eve")));

        Assert.Equal(["ann"], _ended);
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void A_connection_on_which_a_known_caller_has_asked_gives_way_after_all_others()
    {
        var table = Table(most: 10, perAddress: 3);
        var known = table.Enter(s_ann, End("known"))!;
        known.Begin();
        known.End();
        table.Enter(s_ann, End("silent 1"));
        table.Enter(s_ann, End("silent 2"));

        table.Enter(s_ann, End("silent 3"));
        table.Enter(s_ann, End("silent 4"));

        Assert.Equal(["silent 1", "silent 2"], _ended);
    }

    [Fact]
    public void Places_come_back()
    {
        var table = Table(most: 2, perAddress: 1);
        using (table.Enter(s_ann, End("first")))
        {
        }

        Assert.Equal(0, table.Count);
        Assert.NotNull(table.Enter(s_ann, End("second")));
        Assert.Empty(_ended);
    }

    [Fact]
    public void A_trusted_proxy_brings_the_connections_of_all_its_clients()
    {
        var table = Table(most: 3, perAddress: 1, proxies: "192.0.2.0/30");

        Assert.NotNull(table.Enter(s_ann, End("first")));
        Assert.NotNull(table.Enter(s_ann, End("second")));

        Assert.Empty(_ended);
    }

    [Fact]
    public void An_IPv6_network_counts_as_one_address()
    {
        var table = Table(most: 10, perAddress: 1);
        table.Enter(IPAddress.Parse("2001:db8::1"), End("first"));

        table.Enter(IPAddress.Parse("2001:db8::ffff"), End("second"));

        Assert.Equal(["first"], _ended);
    }

    private static ConnectionTable Table(int most, int perAddress, string proxies = "") => new(
        Options.Create(new ConnectionOptions { Most = most, MostPerAddress = perAddress }), new TrustedProxies(Options.Create(new AccessOptions { TrustedProxies = proxies })));

    private Action End(string name) => () => _ended.Add(name);
}
