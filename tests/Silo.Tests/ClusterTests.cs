using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using RiskMonitor.Risk.Desks;
using RiskMonitor.Risk.Journal;
using RiskMonitor.Silo.Clustering;
using RiskMonitor.Silo.Live;

namespace RiskMonitor.Silo.Tests;

public sealed class ClusterTests
{
    private static readonly CancellationToken Ends = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_with_a_certificate_of_the_clusters_authority_is_let_in()
    {
        using var authority = new ClusterCertificates();
        await using var cluster = new SmallCluster();
        await cluster.StartSiloAsync(authority.Issue("silo"));
        var client = await cluster.StartClientAsync(authority.Issue("frontend"));

        Assert.Equal(1, await Grain(client.Services).AnswerAsync(unanswered: 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_without_a_certificate_or_with_one_of_another_authority_is_not(bool hasOne)
    {
        using var authority = new ClusterCertificates();
        using var other = new ClusterCertificates();
        await using var cluster = new SmallCluster();
        await cluster.StartSiloAsync(authority.Issue("silo"));
        var stranger = other.Issue("stranger");
        using var certificate = X509Certificate2.CreateFromPemFile(stranger.CertificatePath, stranger.KeyPath);
        using var socket = new TcpClient();
        await socket.ConnectAsync(cluster.Gateway, Ends);
        await using var tls = new SslStream(socket.GetStream());

        var wasLetIn = true;
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "riskmonitor",
                    ClientCertificates = hasOne ? [certificate] : [],
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
                Ends);
            // The server's refusal of a certificate comes with the first read.
            wasLetIn = await tls.ReadAsync(new byte[1], Ends) > 0;
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            wasLetIn = false;
        }

        Assert.False(wasLetIn);
    }

    [Fact]
    public void A_certificate_of_another_authority_or_one_that_has_ended_is_not_of_this_cluster()
    {
        using var authority = new ClusterCertificates();
        using var other = new ClusterCertificates();
        var cluster = ClusterTls.Load(authority.Issue("silo"));

        Assert.True(cluster.IsOfThisCluster(CertificateOf(authority.Issue("frontend"))));
        Assert.False(cluster.IsOfThisCluster(CertificateOf(other.Issue("stranger"))));
        Assert.False(cluster.IsOfThisCluster(CertificateOf(authority.Issue("former", until: 0))));
        Assert.False(cluster.IsOfThisCluster(null));
    }

    [Fact]
    public async Task A_call_that_nobody_answers_is_made_again_after_its_timeout()
    {
        await using var cluster = new SmallCluster();
        await cluster.StartSiloAsync();
        var client = await cluster.StartClientAsync(change: options => options.AttemptTimeout = TimeSpan.FromMilliseconds(300));

        Assert.Equal(3, await Grain(client.Services).AnswerAsync(unanswered: 2));
    }

    [Fact]
    public async Task And_the_caller_is_told_when_the_last_attempt_has_no_answer_either()
    {
        await using var cluster = new SmallCluster();
        await cluster.StartSiloAsync();
        var client = await cluster.StartClientAsync(change: options => (options.AttemptTimeout, options.Attempts) = (TimeSpan.FromMilliseconds(300), 2));

        await Assert.ThrowsAsync<TimeoutException>(() => Grain(client.Services).AnswerAsync(unanswered: 2));
        Assert.Equal(3, await Grain(client.Services).AnswerAsync(unanswered: 2));
    }

    [Fact]
    public async Task A_frontend_hears_of_changes_on_a_silo()
    {
        await using var cluster = new SmallCluster();
        var silo = await cluster.StartSiloAsync();
        var heard = new TaskCompletionSource<LiveUpdate>(TaskCreationOptions.RunContinuationsAsynchronously);
        await cluster.StartClientAsync(add: services => services.ReceiveLiveUpdates(_ => update => heard.TrySetResult(update)));
        var publisher = silo.Services.GetRequiredService<LivePublisher>();

        // The subscription is not there at once, and what was published before it is lost.
        await Eventually.IsTrueAsync("the frontend hears of the desk", () =>
        {
            publisher.OnRecorded(new JournalRecord("FX Forwards", 1, default, [], [], [], new Totals(), 0, null));
            return heard.Task.IsCompleted;
        });

        Assert.Equal(["FX Forwards"], (await heard.Task).Desks);
    }

    private static X509Certificate2 CertificateOf(OrleansTlsOptions files) => X509CertificateLoader.LoadCertificateFromFile(files.CertificatePath);

    private static ISlowGrain Grain(IServiceProvider services) => services.GetRequiredService<IGrainFactory>().GetGrain<ISlowGrain>("one");
}
