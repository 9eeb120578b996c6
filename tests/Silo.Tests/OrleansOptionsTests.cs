using RiskMonitor.Silo.Clustering;

namespace RiskMonitor.Silo.Tests;

public sealed class OrleansOptionsTests
{
    [Fact]
    public void A_silo_listens_on_this_machine_alone_by_default() => Assert.Empty(ProblemsOf(new OrleansOptions()));

    [Fact]
    public void Beyond_this_machine_it_does_not_listen_without_certificates()
    {
        var problem = Assert.Single(ProblemsOf(new OrleansOptions { Listen = "0.0.0.0" }));

        Assert.StartsWith("Orleans:Listen is 0.0.0.0, which other machines can reach", problem, StringComparison.Ordinal);
        Assert.Contains("Orleans:Tls:CertificatePath", problem, StringComparison.Ordinal);
        Assert.Contains("Orleans:AllowInsecure=true", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Unless_it_is_told_that_the_network_lets_in_nobody_else() =>
        Assert.Empty(ProblemsOf(new OrleansOptions { Listen = "10.0.0.7", AllowInsecure = true }));

    [Fact]
    public void One_of_three_certificate_files_is_not_enough()
    {
        var problems = ProblemsOf(new OrleansOptions { Tls = new OrleansTlsOptions { CaPath = "/no/such/ca.pem" } });

        Assert.Equal(
            [
                "Orleans:Tls:CertificatePath is empty; give all three of CertificatePath, KeyPath and CaPath, or none",
                "Orleans:Tls:KeyPath is empty; give all three of CertificatePath, KeyPath and CaPath, or none",
                "Orleans:Tls:CaPath is '/no/such/ca.pem'; give the path of a PEM file that this process can read",
            ],
            problems);
    }

    [Theory]
    [InlineData("db.example", "Orleans:Listen is 'db.example'; give an address of this machine")]
    public void An_address_is_no_name(string listen, string problem) => Assert.StartsWith(problem, Assert.Single(ProblemsOf(new OrleansOptions { Listen = listen })), StringComparison.Ordinal);

    private static List<string> ProblemsOf(OrleansOptions options) => [.. new OrleansOptionsValidator().Validate(null, options).Failures ?? []];
}
