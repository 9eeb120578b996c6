using System.Text;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Tests.Webhooks;

public sealed class StandardWebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void The_published_test_vector_signs_as_published() =>
        Assert.Equal(Signature, StandardWebhook.Sign(Id, At, Body, Secret));

    [Fact]
    public void A_signed_message_is_genuine_until_its_timestamp_is_five_minutes_away()
    {
        Assert.Null(StandardWebhook.Verify(Id, "1614265330", Signature, Body, Secret, At.AddMinutes(5)));
        Assert.Null(StandardWebhook.Verify(Id, "1614265330", Signature, Body, Secret, At.AddMinutes(-5)));
        Assert.Contains("5 minutes", StandardWebhook.Verify(Id, "1614265330", Signature, Body, Secret, At.AddMinutes(5).AddSeconds(1)), StringComparison.Ordinal);
        Assert.Contains("5 minutes", StandardWebhook.Verify(Id, "1614265330", Signature, Body, Secret, At.AddMinutes(-5).AddSeconds(-1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("msg_other", "1614265330", Signature, """{"test": 2432232314}""")]
    [InlineData(Id, "1614265331", Signature, """{"test": 2432232314}""")]
    [InlineData(Id, "01614265330", Signature, """{"test": 2432232314}""")]
    [InlineData(Id, "1614265330", Signature, """{"test": 2432232315}""")]
    [InlineData(Id, "1614265330", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", """{"test": 2432232314}""")]
    [InlineData(Id, "1614265330", "v1,not base64", """{"test": 2432232314}""")]
    [InlineData(Id, "soon", Signature, """{"test": 2432232314}""")]
    [InlineData(Id, "99999999999999999", Signature, """{"test": 2432232314}""")]
    [InlineData(null, "1614265330", Signature, """{"test": 2432232314}""")]
    [InlineData(Id, "1614265330", "", """{"test": 2432232314}""")]
    public void A_message_changed_in_any_part_is_refused(string? id, string timestamp, string signature, string body) =>
        Assert.NotNull(StandardWebhook.Verify(id, timestamp, signature, Encoding.UTF8.GetBytes(body), Secret, At));

    [Fact]
    public void While_a_secret_is_rotated_the_old_and_the_new_one_both_verify()
    {
        var (old, young) = (StandardWebhook.NewSecret(), StandardWebhook.NewSecret());
        var signatures = StandardWebhook.Sign(Id, At, Body, young, old);

        Assert.Equal(2, signatures.Split(' ').Length);
        Assert.Null(StandardWebhook.Verify(Id, "1614265330", signatures, Body, old, At));
        Assert.Null(StandardWebhook.Verify(Id, "1614265330", signatures, Body, young, At));
        Assert.NotNull(StandardWebhook.Verify(Id, "1614265330", signatures, Body, StandardWebhook.NewSecret(), At));
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_dG9vIHNob3J0")]
    [InlineData("whsec_***")]
    public void What_is_no_secret_signs_nothing(string secret) =>
        Assert.Throws<ArgumentException>(() => StandardWebhook.Sign(Id, At, Body, secret));
}
