using System.Text;
using System.Text.Json.Nodes;

namespace RiskMonitor.Cluster.Tests;

/// <summary>The smallest cluster: one process with every role, on MySQL and Kafka.</summary>
[Collection("one cluster at a time")]
public sealed class OneProcessTests
{
    [FactWithMariaDb]
    public async Task One_process_of_every_role_delivers_publishes_and_is_repaired()
    {
        await using var cluster = await RunningCluster.PrepareAsync();
        cluster.Frontends.Add(await cluster.StartAsync("all"));
        cluster.AskFrontend(0);
        cluster.Trader.Trade(100);
        await cluster.IsRightAsync();

        foreach (var alert in await cluster.Frontends[0].AlertsAsync())
        {
            var told = await EventuallyToldAsync(cluster, (string)alert["alert_id"]!);
            Assert.Equal("risk.alert.opened", told[0].Type);
            Assert.Equal(told.Select(message => message.Place).Order(), told.Select(message => message.Place));
        }

        await IsReconciledAsync(cluster);
        var check = await cluster.RunAsync("desks", "check");
        Assert.Contains("desks can be read", check.Output);
        await IsRepairedAsync(cluster, cluster.Trader.Nets().Keys.First());
        Assert.Equal(0, await cluster.Frontends[0].TerminateAsync());
    }

    /// <summary>The trading system's table against the desks, which got the same changes from Kafka.</summary>
    private static async Task IsReconciledAsync(RunningCluster cluster)
    {
        await cluster.Database.ExecuteAsync($"CREATE DATABASE {RunningCluster.TradingDatabase}");
        await cluster.Database.ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/mysql/positions.sql")), RunningCluster.TradingDatabase);
        await cluster.Database.ExecuteAsync(cluster.Trader.InsertStatement(), RunningCluster.TradingDatabase);

        var same = await cluster.RunAsync("reconcile", "--settle", "1");
        Assert.True(same.ExitCode == 0, same.Output + same.Errors);
        Assert.Contains("no differences", same.Output);

        await cluster.Database.ExecuteAsync(
            "UPDATE positions SET delta = delta + 1 ORDER BY position_id LIMIT 1; DELETE FROM positions ORDER BY position_id DESC LIMIT 1;", RunningCluster.TradingDatabase);
        var differs = await cluster.RunAsync("reconcile", "--settle", "1");
        Assert.Equal(1, differs.ExitCode);
        Assert.Contains("2 differences", differs.Errors);
        Assert.Contains("which is not in the table", differs.Output);
        Assert.Contains("with delta", differs.Output);
    }

    private static async Task IsRepairedAsync(RunningCluster cluster, string desk)
    {
        // The desk's first fold would write what is damaged here anew.
        await Eventually.IsTrueAsync($"{desk} is folded", async () =>
            (await cluster.Database.ExecuteAsync($"SELECT folded_sequence = head_sequence FROM desks WHERE desk = '{desk}'", "riskmonitor")).Trim() == "1");
        await cluster.Database.ExecuteAsync(
            $"""
            UPDATE journal SET record = X'00' WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = '{desk}') ORDER BY sequence DESC LIMIT 1;
            DELETE FROM checkpoints WHERE desk_id = (SELECT desk_id FROM desks WHERE desk = '{desk}');
            UPDATE desks SET folded_sequence = 0 WHERE desk = '{desk}';
            """,
            "riskmonitor");
        Assert.Contains(desk, (await cluster.RunAsync("desks", "check")).Output);
        var data = Directory.CreateTempSubdirectory("riskmonitor-repairs-").FullName;
        try
        {
            var repaired = await cluster.RunAsync("desks", "repair", "--desk", desk, "--data", data);

            Assert.True(repaired.ExitCode == 0, repaired.Errors);
            Assert.Contains("unproven for this desk until its source sends a full snapshot", repaired.Output);
            Assert.Single(Directory.GetFiles(Path.Combine(data, "repairs")));
            await Eventually.IsTrueAsync($"{desk} answers again and is unproven", async () =>
            {
                try
                {
                    return (string?)(await cluster.Frontends[0].GetAsync($"api/v1/desks/{Uri.EscapeDataString(desk)}/exposure"))["feed"]!["state"] == "unproven";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>What was told of an alert, when its acknowledgement was; without repeats.</summary>
    private static async Task<IReadOnlyList<(string Type, (long, int) Place)>> EventuallyToldAsync(RunningCluster cluster, string alertId)
    {
        IReadOnlyList<(string Type, (long, int) Place)> told = [];
        await Eventually.IsTrueAsync($"the acknowledgement of alert {alertId} is in the topic", () =>
        {
            told =
            [
                .. cluster.Broker.Read(RunningCluster.AlertTopic, RunningCluster.AlertPartitions)
                    .Where(message => Encoding.UTF8.GetString(message.Message.Key!) == alertId)
                    .Select(message => JsonNode.Parse(message.Message.Value)!)
                    .Select(body => ((string)body["type"]!, ((long)body["sequence"]!, (int)body["part"]!)))
                    .Distinct(),
            ];
            return told.Any(message => message.Type == "risk.alert.acknowledged");
        });
        return told;
    }
}
