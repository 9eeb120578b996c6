using RiskMonitor.Risk.Access;

namespace RiskMonitor.Risk.Tests.Access;

public sealed class ApiKeyTests
{
    [Fact]
    public void A_key_is_its_own_hashs_key_and_no_other_is()
    {
        var (key, other) = (ApiKey.New(), ApiKey.New());
        var hash = KeyHash.Of(key);
        var sameIdOtherSecret = ApiKey.Parse(key.Reveal()[..^43] + other.Reveal()[^43..])!;

        Assert.True(hash.IsOf(ApiKey.Parse(key.Reveal())!));
        Assert.False(hash.IsOf(other));
        Assert.False(hash.IsOf(sameIdOtherSecret));
    }

    [Fact]
    public void A_hash_survives_being_written_and_is_salted()
    {
        var key = ApiKey.New();
        var (hash, again) = (KeyHash.Of(key), KeyHash.Of(key));

        Assert.True(KeyHash.Parse(hash.ToString())!.IsOf(key));
        Assert.NotEqual(hash.ToString(), again.ToString());
        Assert.Equal(key.Id, KeyHash.Parse(hash.ToString())!.KeyId);
    }

    [Fact]
    public void A_key_does_not_show_its_secret_by_accident()
    {
        var key = ApiKey.New();

        Assert.DoesNotContain(key.Reveal()[^43..], $"{key} {KeyHash.Of(key)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("rmk_0011223344556677_")]
    [InlineData("rmk_0011223344556677_АААААААААААААААААААААААААААААААААААААААААА")]
    [InlineData("RMK_0011223344556677_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rmk_00112233445566771AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rmk_0011223344556677_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("rmk_0011223344556677_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_key_is_none(string text) => Assert.Null(ApiKey.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0011223344556677.AAAA.AAAA")]
    [InlineData("a.b")]
    [InlineData("0011223344556677.!.?")]
    public void What_is_no_hash_is_none(string text) => Assert.Null(KeyHash.Parse(text));
}
