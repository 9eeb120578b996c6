using Orleans.Serialization;

namespace RiskMonitor.Offline.Tests;

public sealed partial class CopyTests
{
    [Fact]
    public async Task A_caller_that_changes_an_argument_afterwards_changes_nothing_for_the_grain()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        var basket = new Basket { Items = ["pear"] };

        var call = grain.KeepAsync(basket);
        basket.Items.Add("plum");
        await call;

        Assert.Equal(["pear"], await grain.ItemsAsync());
    }

    [Fact]
    public async Task A_caller_that_changes_an_answer_changes_nothing_for_the_grain()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        await grain.KeepAsync(new Basket { Items = ["pear"], Inner = new Basket { Items = ["fig"] } });

        var answer = await grain.KeptAsync();
        answer!.Items.Clear();
        answer.Inner!.Items.Clear();

        var again = await grain.KeptAsync();
        Assert.Equal(["pear"], again!.Items);
        Assert.Equal(["fig"], again.Inner!.Items);
    }

    [Fact]
    public async Task An_object_that_contains_itself_arrives_as_one_that_contains_itself()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        var basket = new Basket();
        basket.Inner = basket;
        await grain.KeepAsync(basket);

        var answer = await grain.KeptAsync();

        Assert.NotSame(basket, answer);
        Assert.Same(answer, answer!.Inner);
    }

    [Fact]
    public async Task A_member_without_an_id_does_not_arrive()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        await grain.KeepAsync(new Basket { Items = ["pear"], Note = "ripe" });

        var answer = await grain.KeptAsync();

        Assert.Equal(["pear"], answer!.Items);
        Assert.Null(answer.Note);
    }

    [Fact]
    public async Task A_type_with_a_converter_arrives()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());

        var answer = await grain.PriceAsync([new Price(1.5m, "EUR"), new Price(2m, "USD")]);

        Assert.Equal(new Price(1.5m, "EUR"), answer["EUR"]);
    }

    [Fact]
    public async Task A_type_that_has_no_wire_form_is_refused()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());

        await Assert.ThrowsAsync<CodecNotFoundException>(() => grain.EchoAsync(new Stranger("who")));
        await Assert.ThrowsAsync<CodecNotFoundException>(() => grain.EchoAsync(new[] { "a" }.Select(text => text.Length)));
    }

    [Fact]
    public async Task Values_and_containers_arrive_as_what_they_are()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());
        var map = new Dictionary<string, List<int>> { ["a"] = [1, 2] };

        Assert.Equal(1.25m, await grain.EchoAsync(1.25m));
        Assert.Equal(new Label("x"), await grain.EchoAsync(new Label("x")));
        Assert.Equal((1, "b"), await grain.EchoAsync((1, "b")));
        var numbers = await grain.EchoAsync(new[] { 1, 2, 3 });
        Assert.Equal([1, 2, 3], Assert.IsType<int[]>(numbers));
        var copy = await grain.EchoAsync(map);
        Assert.Equal(map, Assert.IsType<Dictionary<string, List<int>>>(copy));
    }

    [Fact]
    public async Task A_grain_reference_arrives_as_a_reference_to_the_same_grain()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICopyGrain>(Cluster.Key());

        Assert.True(await grain.IsSameAsync(grain));
        Assert.False(await grain.IsSameAsync(cluster.Client.GetGrain<ICopyGrain>(Cluster.Key())));
    }

    private sealed record Stranger(string Name);
}
