using System.Text.RegularExpressions;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;

namespace RiskMonitor.Deploy.Tests;

/// <summary>The table of sizes is computed from unit costs that stand in one place, <c>deploy/k8s/size</c>.</summary>
public sealed partial class SizeTests
{
    [Fact]
    public async Task The_docs_have_the_table_that_the_script_prints()
    {
        var table = await Kustomize.RunAsync("bash", ["deploy/k8s/size"]);

        Assert.True(Docs().Contains(table, StringComparison.Ordinal), $"docs/kubernetes.md does not have what deploy/k8s/size prints:\n{table}");
    }

    [Fact]
    public async Task The_docs_name_the_unit_costs_of_the_script()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(ComposeFile.Root, "deploy/k8s/size"), TestContext.Current.CancellationToken);
        string Of(string name) => Regex.Match(script, $@"\b{name} = (\d+)").Groups[1].Value;

        Assert.Contains($"| silo | {Of("silo_start")} MB | {Kilobytes(Of("silo_position"))} kB, of the desks that it has | {Of("silo_change")} µs |", Docs());
        Assert.Contains($"| ingest | {Of("ingest_start")} MB | {Kilobytes(Of("ingest_position"))} kB of the whole book", Docs());
        Assert.Contains($"| {Of("ingest_change")} µs |", Docs());
        Assert.Contains($"| frontend | {Of("frontend_start")} MB | {Kilobytes(Of("frontend_position"))} kB", Docs());
    }

    [FactWithKustomize]
    public async Task The_manifests_fit_the_lines_of_the_table_that_the_docs_say()
    {
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/production"));
        var rows = (await Kustomize.RunAsync("bash", ["deploy/k8s/size"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains("fit the first two lines", Docs());
        foreach (var row in rows.Take(2))
        {
            var sizes = Size().Matches(row).Select(match => new ResourceQuantity(match.Value).ToDecimal()).ToList();
            foreach (var (role, size) in ((string[])["silo", "ingest", "frontend"]).Zip(sizes))
            {
                var limit = set.Pods.Single(pod => pod.Role == role).Spec.Containers.Single().Resources.Limits["memory"];
                Assert.True(limit.ToDecimal() >= size, $"{role}: the manifest gives {limit}, and {row} needs {size / 1024 / 1024} Mi");
            }
        }
    }

    [FactWithKustomize]
    public async Task The_docs_name_the_limits_of_the_manifests()
    {
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/production"));
        string Limit(string role) => set.Pods.Single(pod => pod.Role == role).Spec.Containers.Single().Resources.Limits["memory"].ToString();

        Assert.Equal(Limit("ingest"), Limit("frontend"));
        Assert.Contains($"silo {Limit("silo")}, ingest and frontend {Limit("ingest")}", Docs());
    }

    private static string Docs() => File.ReadAllText(Path.Combine(ComposeFile.Root, "docs/kubernetes.md"));

    private static string Kilobytes(string bytes) => (decimal.Parse(bytes, provider: null) / 1000).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+[MG]i")]
    private static partial Regex Size();
}
