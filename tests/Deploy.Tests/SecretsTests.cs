using k8s;
using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Options;
using RiskMonitor.Deploy.Tests.Rules;
using RiskMonitor.Host;

namespace RiskMonitor.Deploy.Tests;

/// <summary><c>deploy/k8s/secrets</c> makes the Secrets that the manifests name, of what <c>init</c> made.</summary>
public sealed class SecretsTests
{
    [FactWithKustomize]
    public async Task Everything_that_the_trial_mounts_is_made()
    {
        var made = await MakeAsync();
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/small", "deploy/k8s/jobs/backup"));

        var needed = set.Pods.SelectMany(pod => pod.Spec.Volumes ?? [])
            .SelectMany(volume => (volume.Projected?.Sources ?? []).Select(source => source.Secret).OfType<V1SecretProjection>().Where(secret => secret.Optional != true).Select(secret => secret.Name).Append(volume.Secret?.SecretName))
            .OfType<string>().Distinct();
        Assert.Empty(needed.Except(made.Keys));
    }

    [FactWithKustomize]
    public async Task Names_and_keys_are_those_that_the_docs_list()
    {
        foreach (var (name, secret) in await MakeAsync())
        {
            Assert.True(SecretRules.Known.ContainsKey(name), name);
            Assert.All(secret.Data.Keys.Where(key => !key.StartsWith("Access__Users__", StringComparison.Ordinal)), key => Assert.Contains(key, SecretRules.Known[name]));
        }
    }

    [FactWithKustomize]
    public async Task Keys_of_mounted_settings_are_secret_options()
    {
        foreach (var (_, secret) in await MakeAsync())
        {
            Assert.All(secret.Data.Keys.Where(key => key.Contains("__", StringComparison.Ordinal)), key => Assert.True(SecretKeys.IsSecret(SecretKeys.KeyOf(key)), key));
        }
    }

    [FactWithKustomize]
    public async Task Copies_are_made_from_the_server_of_the_connection_string()
    {
        var options = System.Text.Encoding.UTF8.GetString((await MakeAsync("--mysql-server", "db.example:3307"))["riskmonitor-backup"].Data["my.cnf"]);

        Assert.StartsWith("[client]\nhost=db.example\nport=3307\nuser=riskmonitor\n", options);
    }

    [Fact]
    public void The_docs_list_every_secret()
    {
        var docs = File.ReadAllText(Path.Combine(ComposeFile.Root, "docs/kubernetes.md"));

        Assert.All(SecretRules.Known.Keys, name => Assert.Contains($"`{name}`", docs));
    }

    private static async Task<Dictionary<string, V1Secret>> MakeAsync(params string[] options)
    {
        using var secrets = new TemporaryDirectory();
        Assert.Equal(0, await CommandRunner.RunAsync(["init", "--secrets", secrets.Path, .. options], TextWriter.Null, TextWriter.Null));
        var yaml = await Kustomize.RunAsync("bash", ["deploy/k8s/secrets", secrets.Path, "--trial"]);
        return KubernetesYaml.LoadAllFromString(yaml, strict: true).OfType<V1Secret>().ToDictionary(secret => secret.Metadata.Name);
    }
}
