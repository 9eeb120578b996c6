using k8s.Models;
using RiskMonitor.Deploy.Tests.Manifests;
using RiskMonitor.Deploy.Tests.Rules;

namespace RiskMonitor.Deploy.Tests;

/// <summary>What <c>kubectl kustomize</c> makes of <c>deploy/k8s</c>, read strictly and held against the rules.</summary>
public sealed class ManifestTests
{
    [TheoryWithKustomize]
    [InlineData("deploy/k8s/overlays/small")]
    [InlineData("deploy/k8s/overlays/production")]
    [InlineData("tests/Deploy.Tests/Overlays/keda")]
    public async Task An_overlay_keeps_every_rule(string folder) => Assert.Empty(ManifestRules.ProblemsOf(ManifestSet.Parse(await Kustomize.BuildAsync(folder))));

    [FactWithKustomize]
    public async Task Components_are_turned_on_as_the_overlay_of_production_says()
    {
        using var copy = new TemporaryDirectory();
        await Kustomize.RunAsync("cp", ["-r", Path.Combine(ComposeFile.Root, "deploy"), copy.Path]);
        var overlay = copy.File("deploy/k8s/overlays/production/kustomization.yaml");
        var text = File.ReadAllText(overlay).Replace("  # - ../../components/", "  - ../../components/", StringComparison.Ordinal);
        // "Take `replicas` below out with it."
        var without = System.Text.RegularExpressions.Regex.Replace(text, @"(?m)^replicas:\n(  .*\n)+", "");
        Assert.NotEqual(text, without);
        File.WriteAllText(overlay, without);

        var set = ManifestSet.Parse(await Kustomize.RunAsync("kubectl", ["kustomize", Path.GetDirectoryName(overlay)!]));

        Assert.Empty(ManifestRules.ProblemsOf(set));
        Assert.Single(set.Of<ScaledObject>());
        Assert.Equal(2, set.Of<IssuedCertificate>().Count());
    }

    [TheoryWithKustomize]
    [InlineData("deploy/k8s/jobs/migrate")]
    [InlineData("deploy/k8s/jobs/backup")]
    [InlineData("deploy/k8s/jobs/restore")]
    public async Task A_job_keeps_every_rule_beside_the_overlay_of_production(string folder)
    {
        Assert.Empty(ManifestRules.ProblemsOf(ManifestSet.Parse(await Kustomize.BuildAsync(folder)), isPart: true));

        // The policies of the namespace let the job reach MySQL.
        var job = Assert.Single(ManifestSet.Parse(await Kustomize.BuildAsync(folder)).Pods);
        var policies = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/production")).Of<V1NetworkPolicy>().Where(policy => ManifestSet.Matches(policy.Spec.PodSelector, job.Labels));
        Assert.Contains(policies.SelectMany(policy => policy.Spec.Egress ?? []), rule => rule.Ports?.Any(port => port.Port.Value == "3306") == true);
    }

    [FactWithKustomize]
    public async Task Copies_are_made_and_restored_by_the_programs_of_one_server()
    {
        var images = new List<string>();
        foreach (var folder in (string[])["deploy/k8s/jobs/backup", "deploy/k8s/jobs/restore"])
        {
            images.Add(Assert.Single(Assert.Single(ManifestSet.Parse(await Kustomize.BuildAsync(folder)).Pods).Containers).Image);
        }

        Assert.All(images, image => Assert.Equal(ComposeFile.Read().Value("mysql", "image"), image));
    }

    [FactWithKustomize]
    public async Task The_alarm_of_a_missing_copy_leaves_each_copy_its_time_and_rings_before_the_next_but_one()
    {
        var cron = Assert.Single(ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/jobs/backup")).Of<V1CronJob>());
        var alarm = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/production")).Of<PrometheusRule>().SelectMany(rule => rule.Spec.Groups).SelectMany(group => group.Rules).Single(rule => rule.Alert == "BackupMissing");
        var after = TimeSpan.FromSeconds(int.Parse(System.Text.RegularExpressions.Regex.Match(alarm.Expr, @"> (\d+)").Groups[1].ValueSpan, provider: null));
        var interval = DatabaseJobRules.Interval(cron)!.Value;

        Assert.Contains($"cronjob=\"{cron.Metadata.Name}\"", alarm.Expr);
        Assert.InRange(after, interval + TimeSpan.FromSeconds(cron.Spec.StartingDeadlineSeconds!.Value + cron.Spec.JobTemplate.Spec.ActiveDeadlineSeconds!.Value), 2 * interval);
    }

    [FactWithKustomize]
    public async Task The_trial_runs_one_of_each_role_with_servers_of_its_own()
    {
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/small"));

        Assert.Equal(["frontend", "ingest", "silo"], set.Pods.Select(pod => pod.Role).OfType<string>().Order());
        Assert.All(set.Of<V1Deployment>(), deployment => Assert.True(deployment.Spec.Replicas is null or 1));
        Assert.Equal(["kafka", "mysql"], set.Of<V1StatefulSet>().Select(server => server.Metadata.Name).Order());
    }

    [FactWithKustomize]
    public async Task Everything_of_an_overlay_is_in_its_namespace()
    {
        foreach (var folder in (string[])["small", "production"])
        {
            var set = ManifestSet.Parse(await Kustomize.BuildAsync($"deploy/k8s/overlays/{folder}"));
            var own = Assert.Single(set.Of<V1Namespace>()).Metadata.Name;
            Assert.All(set.All.Where(document => document is not V1Namespace), document => Assert.Equal(own, document.Metadata.NamespaceProperty));
        }
    }

    [FactWithKustomize]
    public async Task Servers_of_the_trial_have_the_versions_and_settings_of_the_compose_file()
    {
        var compose = ComposeFile.Read();
        var set = ManifestSet.Parse(await Kustomize.BuildAsync("deploy/k8s/overlays/small"));
        foreach (var name in (string[])["mysql", "kafka", "connect", "connector"])
        {
            var container = set.Pods.Single(pod => pod.Metadata.Labels["app.kubernetes.io/name"] == name).Spec.Containers.Single();
            Assert.Equal(compose.Value(name, "image"), container.Image);
        }

        var mysql = set.Pods.Single(pod => pod.Metadata.Labels["app.kubernetes.io/name"] == "mysql").Spec.Containers.Single();
        Assert.Equal(compose.Command("mysql"), mysql.Args);
        var connect = set.Pods.Single(pod => pod.Metadata.Labels["app.kubernetes.io/name"] == "connect").Spec.Containers.Single();
        Assert.Equal(compose.Environment("connect"), connect.Env.ToDictionary(variable => variable.Name, variable => variable.Value));
        // The broker's controller has another address in a pod, and its log lies below the mount, where no lost+found is.
        var kafka = set.Pods.Single(pod => pod.Metadata.Labels["app.kubernetes.io/name"] == "kafka").Spec.Containers.Single();
        Assert.Equal(
            compose.Environment("kafka").Keys.Order(),
            kafka.Env.Where(variable => compose.Environment("kafka").TryGetValue(variable.Name, out var value) && (value == variable.Value || variable.Name is "KAFKA_CONTROLLER_QUORUM_VOTERS" or "KAFKA_LOG_DIRS")).Select(variable => variable.Name).Order());
    }
}
