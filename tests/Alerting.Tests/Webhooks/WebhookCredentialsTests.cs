using System.Text;
using Microsoft.AspNetCore.Http;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Webhooks;

/// <summary>A user and password in the endpoint's address are sent, and shown nowhere.</summary>
public sealed class WebhookCredentialsTests
{
    private const string Password = "hunter2hunter2";

    [Theory]
    [InlineData("ann:hunter2hunter2", "ann:hunter2hunter2")]
    [InlineData("ann", "ann:")]
    [InlineData("r%C3%A9my%40desk:p%3Aa%2Fss", "rémy@desk:p:a/ss")]
    public async Task Credentials_in_the_address_are_sent_as_basic(string userInfo, string credentials)
    {
        string? authorization = null;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            authorization = context.Request.Headers.Authorization;
            return Task.CompletedTask;
        });
        await using var sender = new Sender(With(userInfo, receiver.Url));

        Assert.Equal(DeliveryOutcome.Delivered, (await sender.SendAsync("dlv_1")).Outcome);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}", authorization);
    }

    [Theory]
    [InlineData(410)]
    [InlineData(401)]
    [InlineData(302)]
    public async Task A_receiver_that_refuses_and_repeats_what_it_was_sent_puts_them_into_no_log_and_no_history(int status)
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            if (status == 302)
            {
                context.Response.Headers.Location = $"http://ann:{Password}@elsewhere.example/alerts?token=geheim";
            }

            await context.Response.WriteAsync($"{context.Request.Headers.Authorization} is ann:{Password}");
        });
        await using var sender = new Sender(With($"ann:{Password}", receiver.Url) + "?token=geheim");

        var results = new[] { await sender.SendAsync("dlv_1"), await sender.SendAsync("dlv_2") };

        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ann:{Password}"));
        Assert.All(results.Select(result => result.Detail).Concat(sender.LoggedText), text =>
        {
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            Assert.DoesNotContain(basic, text, StringComparison.Ordinal);
            Assert.DoesNotContain("geheim", text, StringComparison.Ordinal);
        });
        Assert.StartsWith(status == 410 ? "the endpoint answered 410" : $"{status}", results[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://ann:hunter2hunter2@host/alerts?token=geheim")]
    [InlineData("ann:hunter2hunter2@host")]
    [InlineData("http://ann:hunter2?hunter2#hunter2@host/alerts")]
    [InlineData("http://ann%3Ab:hunter2hunter2@host/alerts")]
    [InlineData("http://ann:hunter2%0Ahunter2@host/alerts")]
    public void An_address_that_cannot_be_used_is_refused_without_its_password(string url)
    {
        Assert.Null(WebhookEndpoint.Read(url, out var problem));
        Assert.Contains("***@host", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_named_without_credentials_and_query() =>
        Assert.Equal("https://risk.example:8443/alerts", WebhookEndpoint.Read($"https://ann:{Password}@risk.example:8443/alerts?token=geheim", out _)!.Name);

    private static string With(string userInfo, string url) => url.Replace("http://", $"http://{userInfo}@", StringComparison.Ordinal);
}
