using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Silo.Tests;

/// <summary>Certificates are renewed in their files while processes run.</summary>
public sealed class CertificateReloadTests
{
    private static readonly CancellationToken Ends = TestContext.Current.CancellationToken;

    [Fact]
    public void A_renewed_certificate_is_taken_once()
    {
        using var authority = new ClusterCertificates();
        var cluster = ClusterTls.Load(authority.Issue("silo", until: 10));
        var before = cluster.EndsAt;

        Assert.False(cluster.Reload());
        authority.Issue("silo", until: 20);
        Assert.True(cluster.Reload());
        Assert.False(cluster.Reload());

        Assert.Equal(10, (cluster.EndsAt - before).TotalDays, tolerance: 0.1);
    }

    [Fact]
    public void Files_that_do_not_belong_together_leave_the_former_in_use()
    {
        using var authority = new ClusterCertificates();
        var files = authority.Issue("silo", until: 10);
        var cluster = ClusterTls.Load(files);
        var (before, certificate) = (cluster.EndsAt, File.ReadAllText(files.CertificatePath));
        authority.Issue("silo", until: 20);
        File.WriteAllText(files.CertificatePath, certificate);

        var problem = Assert.Throws<InvalidOperationException>(() => cluster.Reload());

        Assert.Contains("Orleans:Tls:CertificatePath", problem.Message);
        Assert.Equal(before, cluster.EndsAt);
    }

    [Fact]
    public void An_authority_that_is_added_is_trusted_and_one_that_is_removed_is_not()
    {
        using var authority = new ClusterCertificates();
        using var next = new ClusterCertificates();
        var files = authority.Issue("silo");
        var stranger = next.Issue("silo of the next authority");
        var cluster = ClusterTls.Load(files);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(stranger.CertificatePath);
        Assert.False(cluster.IsOfThisCluster(certificate));

        var former = File.ReadAllText(files.CaPath);
        File.WriteAllText(files.CaPath, former + "\n" + File.ReadAllText(stranger.CaPath));
        Assert.True(cluster.Reload());
        Assert.True(cluster.IsOfThisCluster(certificate));

        File.WriteAllText(files.CaPath, former);
        Assert.True(cluster.Reload());
        Assert.False(cluster.IsOfThisCluster(certificate));
    }

    [Fact]
    public async Task A_silo_and_a_client_that_run_show_the_renewed_certificate_to_the_next_connection()
    {
        using var authority = new ClusterCertificates();
        await using var cluster = new SmallCluster();
        var silo = await cluster.StartSiloAsync(authority.Issue("silo", until: 10));
        var own = authority.Issue("frontend");
        var first = await ShownAsync(cluster, own);

        authority.Issue("silo", until: 20);
        Assert.True(silo.Services.GetRequiredService<ClusterTls>().Reload());
        var second = await ShownAsync(cluster, own);
        var client = await cluster.StartClientAsync(own);

        Assert.Equal(10, (second - first).TotalDays, tolerance: 0.1);
        Assert.NotNull(client.Services.GetRequiredService<ClusterTls>());
    }

    /// <summary>When the certificate ends that the silo's gateway shows.</summary>
    private static async Task<DateTime> ShownAsync(SmallCluster cluster, OrleansTlsOptions own)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(cluster.Gateway, Ends);
        await using var tls = new SslStream(socket.GetStream());
        using var certificate = X509Certificate2.CreateFromPemFile(own.CertificatePath, own.KeyPath);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "riskmonitor", ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, _, _, _) => true }, Ends);
        return ((X509Certificate2)tls.RemoteCertificate!).NotAfter;
    }
}
