using System.Text.Json.Nodes;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Host.Tests.Operations;

/// <summary>Evidence with a key: the host and whoever checks need the same.</summary>
public sealed class AuditKeyTests : IDisposable
{
    private const string KeyId = "630dcd29";

    private static readonly Dictionary<string, string> s_key = Key([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task What_a_host_with_a_key_writes_verifies_with_that_key_alone()
    {
        await using (var host = await HostProcess.StartAsync(["--no-demo", "--port", "0", "--data", _data.Path], new Dictionary<string, string>(s_key) { ["RiskMonitor__Limits__DefaultNetDelta"] = "1000000" }))
        {
            Assert.Equal(0, await host.TerminateAsync());
        }

        var clean = await VerifyAsync(0, s_key);
        Assert.StartsWith($"main.{KeyId}:", (string?)clean["chains"]![0]!["head"], StringComparison.Ordinal);

        var without = await VerifyAsync(UsageException.NotAsRecorded, []);
        var finding = Assert.Single(without["findings"]!.AsArray())!;
        Assert.Equal(("key_missing", $"main.{KeyId}"), ((string?)finding["problem"], (string?)finding["chain"]));

        var wrong = await VerifyAsync(UsageException.NotAsRecorded, Key(new byte[32]));
        Assert.Equal(["other_key", "key_missing"], wrong["findings"]!.AsArray().Select(found => (string?)found!["problem"]));

        var (exitCode, _, errors) = await HostProcess.RunAsync(new Dictionary<string, string> { ["RiskMonitor__Evidence__Key"] = "hunter22" }, "audit", "verify", "--data", _data.Path);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Evidence:Key is no key", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", errors, StringComparison.Ordinal);

        // A command without the key writes beside the chains with it.
        Assert.Equal(0, (await HostProcess.RunAsync(["users", "add", "ann", "--role", "viewer", "--all-desks", "--clearance", "desk", "--data", _data.Path])).ExitCode);
        Assert.Contains((await VerifyAsync(UsageException.NotAsRecorded, s_key))["findings"]!.AsArray(), found => (string?)found!["problem"] == "other_key");
    }

    private async Task<JsonNode> VerifyAsync(int expected, Dictionary<string, string> environment)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(environment, "audit", "verify", "--json", "--data", _data.Path);
        Assert.True(exitCode == expected, $"exit code {exitCode}: {output} {errors}");
        return JsonNode.Parse(output)!;
    }

    private static Dictionary<string, string> Key(byte[] key) => new() { ["RiskMonitor__Evidence__Key"] = Convert.ToBase64String(key) };
}
