using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Tests.Endpoints;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Webhooks;

/// <summary>A receiver that wants to know who posts: client certificates and Basic credentials.</summary>
public sealed class CertificatesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("risk-certificates-");
    private readonly ConcurrentQueue<string?> _callers = new();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_receiver_knows_the_monitor_by_its_certificate_and_the_monitor_the_receiver_by_its_authority()
    {
        using var authority = Authority("ours");
        await using var receiver = await StartAsync(authority);
        var (certificate, key) = Signed(authority, "riskmonitor-1");
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(
            0, "ops", receiver.Urls.Single(), ("ClientCertificate", certificate), ("ClientKey", key), ("CaCertificate", authority.ExportCertificatePem())));
        var result = await endpoints.SendAsync("ops");
        Assert.True(result.Outcome == DeliveryOutcome.Delivered, result.Detail);
        Assert.Equal(["CN=riskmonitor-1"], _callers);
    }

    [Fact]
    public async Task Without_the_certificate_or_with_a_receiver_of_another_authority_the_attempt_fails()
    {
        using var authority = Authority("ours");
        using var other = Authority("another");
        await using var receiver = await StartAsync(authority);
        var (certificate, key) = Signed(authority, "riskmonitor-1");
        await using var endpoints = new TestEndpoints(
        [
            .. TestEndpoints.Webhook(0, "nameless", receiver.Urls.Single(), ("CaCertificate", authority.ExportCertificatePem())),
            .. TestEndpoints.Webhook(1, "deceived", receiver.Urls.Single(), ("ClientCertificate", certificate), ("ClientKey", key), ("CaCertificate", other.ExportCertificatePem())),
            .. TestEndpoints.Webhook(2, "trusting", receiver.Urls.Single(), ("ClientCertificate", certificate + key)),
        ]);
        foreach (var name in new[] { "nameless", "deceived", "trusting" })
        {
            Assert.Equal(DeliveryOutcome.Failed, (await endpoints.SendAsync(name)).Outcome);
        }

        Assert.Empty(_callers);
    }

    [Fact]
    public async Task A_certificate_that_is_renewed_in_its_file_is_used_without_a_restart()
    {
        using var authority = Authority("ours");
        await using var receiver = await StartAsync(authority);
        var (file, keyFile) = (Path.Combine(_directory.FullName, "tls.crt"), Path.Combine(_directory.FullName, "tls.key"));
        Write("riskmonitor-1", DateTime.UtcNow.AddMinutes(-5));
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(
            0, "ops", receiver.Urls.Single(), ("ClientCertificate", file), ("ClientKey", keyFile), ("CaCertificate", authority.ExportCertificatePem())));
        await endpoints.SendAsync("ops", "dlv_1");
        Write("riskmonitor-2", DateTime.UtcNow);
        await endpoints.SendAsync("ops", "dlv_2");
        Assert.Equal(["CN=riskmonitor-1", "CN=riskmonitor-2"], _callers);

        void Write(string name, DateTime at)
        {
            var (certificate, key) = Signed(authority, name);
            File.WriteAllText(file, certificate);
            File.WriteAllText(keyFile, key);
            File.SetLastWriteTimeUtc(file, at);
        }
    }

    [Fact]
    public async Task User_and_password_are_sent_as_Basic_credentials_and_shown_nowhere()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync($"who is {context.Request.Headers.Authorization}?");
        });
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(0, "ops", receiver.Url, ("User", "monitor"), ("Password", "sehr-geheim")));
        var result = await endpoints.SendAsync("ops");
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("monitor:sehr-geheim"));
        Assert.Equal((int)HttpStatusCode.Unauthorized, result.Status);
        Assert.Contains("who is Basic ***?", result.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(basic, $"{result.Detail}{result.Answer}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Password", "geheim", "User is not set although Password is")]
    [InlineData("User", "a:b", "User is a name, or has a password")]
    [InlineData("ClientKey", "geheim", "ClientCertificate is not set although ClientKey is")]
    [InlineData("CaCertificate", "/no/such/file", "CaCertificate cannot be used")]
    [InlineData("ClientCertificate", "-----BEGIN CERTIFICATE-----\ngeheim\n-----END CERTIFICATE-----", "ClientCertificate cannot be used")]
    public void What_cannot_be_used_stops_the_start(string key, string value, string problem)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => new TestEndpoints(TestEndpoints.Webhook(0, "ops", "https://risk.example", (key, value))).Sender);
        Assert.Contains($"Alerting:Endpoints:0:{problem}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_sets_an_endpoint_at_run_time_names_no_files_and_sees_no_keys()
    {
        using var authority = Authority("ours");
        var (certificate, key) = Signed(authority, "riskmonitor-1");
        var rules = AlertingServices.EndpointRules;
        var file = Path.Combine(_directory.FullName, "tls.crt");
        File.WriteAllText(file, certificate + key);
        var (_, problems) = rules.Read("ops", Sent(file, null), null);
        Assert.Contains(problems, problem => problem.Field == "client_certificate" && problem.Problem.Contains("in the configuration only", StringComparison.Ordinal));

        foreach (var sent in new[] { Sent(certificate, key), Sent(certificate + key, null) })
        {
            var (settings, none) = rules.Read("ops", sent, null);
            Assert.Empty(none);
            Assert.DoesNotContain("PRIVATE KEY", rules.Shown(settings!).GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain("geheim", rules.Shown(settings!).GetRawText(), StringComparison.Ordinal);
        }

        static JsonElement Sent(string certificate, string? key) => JsonSerializer.SerializeToElement(new Dictionary<string, string?>
        {
            ["url"] = "https://risk.example",
            ["secret"] = Webhooks.Sender.Secret,
            ["user"] = "monitor",
            ["password"] = "geheim",
            ["client_certificate"] = certificate,
            ["client_key"] = key,
        });
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static (string Certificate, string Key) Signed(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private async Task<WebApplication> StartAsync(X509Certificate2 authority)
    {
        var (certificate, key) = Signed(authority, "receiver");
        using var own = X509Certificate2.CreateFromPem(certificate, key);
        // Kestrel wants a key that it can keep.
        var served = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = served;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (presented, _, _) =>
            {
                using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                return chain.Build(presented);
            };
        })));
        var app = builder.Build();
        app.Run(context =>
        {
            _callers.Enqueue(context.Connection.ClientCertificate?.Subject);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
