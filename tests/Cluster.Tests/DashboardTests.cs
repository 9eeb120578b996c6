using System.Net;
using System.Net.Http.Headers;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Cluster.Tests;

/// <summary>Orleans' own dashboard at a frontend: for operators, and without what would tell or change more than they may.</summary>
[Collection("one cluster at a time")]
public sealed class DashboardTests
{
    [FactWithMariaDb]
    public async Task An_operator_sees_the_silos_and_nobody_else_does()
    {
        await using var cluster = await RunningCluster.PrepareAsync();
        var viewer = await AddUserAsync(cluster, "viv", "viewer");
        var op = await AddUserAsync(cluster, "olga", "operator");
        cluster.Silos.Add(await cluster.StartAsync("silo"));
        var frontend = await cluster.StartAsync("frontend");
        cluster.Frontends.Add(frontend);

        Assert.Contains("Orleans", (await AskAsync(frontend, "dashboard/", op)).Text);
        await Eventually.IsTrueAsync("the dashboard knows the silo", async () =>
            await AskAsync(frontend, "dashboard/DashboardCounters", op) is (HttpStatusCode.OK, var text, _) && text.Contains("\"totalActiveHostCount\":1", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(frontend, "dashboard/Trace", op)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(frontend, "dashboard/GrainState?grainId=Rates&grainType=RiskMonitor.Grains.Desks.DeskRiskGrain", op)).Status);
        foreach (var path in (string[])["dashboard/", "dashboard/ClusterStats", "dashboard/Reminders"])
        {
            var refused = await AskAsync(frontend, path, viewer);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Contains("needs the role operator", refused.Text);
            // To the page where one signs in.
            Assert.Contains("/signin", (await AskAsync(frontend, path, key: null)).Address);
        }
    }

    private static async Task<string> AddUserAsync(RunningCluster cluster, string name, string role)
    {
        var (exitCode, output, errors) = await cluster.RunAsync("users", "add", name, "--role", role, "--all-desks", "--clearance", "desk");
        Assert.True(exitCode == 0, errors);
        return output.Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal));
    }

    private static async Task<(HttpStatusCode Status, string Text, string Address)> AskAsync(HostProcess frontend, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await frontend.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.RequestMessage!.RequestUri!.AbsolutePath);
    }
}
