using System.Diagnostics;
using System.Text.RegularExpressions;
using RiskMonitor.Host;
using YamlDotNet.RepresentationModel;

namespace RiskMonitor.Deploy.Tests;

/// <summary>What a tag becomes: version, notes, image.</summary>
public sealed partial class ReleaseTests
{
    private static readonly string s_version = typeof(CommandRunner).Assembly.GetName().Version!.ToString(3);

    [Fact]
    public async Task The_program_says_the_version_of_the_sources()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await CommandRunner.RunAsync(["--version"], output, TextWriter.Null));
        Assert.StartsWith(s_version, output.ToString());
        Assert.Contains($"<Version>{s_version}</Version>", Read("Directory.Build.props"));
    }

    [Fact]
    public async Task Notes_are_the_section_of_the_version_and_nothing_else()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File("CHANGELOG.md"), $"# Changelog\n\n## Unreleased\n\n- later\n\n## {s_version} - 2026-11-30\n\n### Added\n\n- this\n\n## 0.0.1 - 2026-01-01\n\n- earlier\n");

        var notes = await NotesAsync(s_version, folder.File("CHANGELOG.md"));

        Assert.Equal((0, "### Added\n\n- this"), (notes.ExitCode, notes.Said.Trim()));
    }

    [Fact]
    public async Task A_tag_of_another_version_or_without_notes_is_refused()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.File("CHANGELOG.md"), $"# Changelog\n\n## Unreleased\n\n- later\n\n## {s_version}0\n\n- another\n");

        Assert.Contains("the tag is of 99.0.0", (await NotesAsync("99.0.0", folder.File("CHANGELOG.md"))).Said);
        Assert.Contains($"no section '## {s_version}'", (await NotesAsync(s_version, folder.File("CHANGELOG.md"))).Said);
        Assert.Contains("is no version", (await NotesAsync("1.2", folder.File("CHANGELOG.md"))).Said);
    }

    [Fact]
    public void Manifests_name_the_version_of_the_sources()
    {
        foreach (var file in (string[])["overlays/small", "overlays/production", "jobs/migrate"])
        {
            Assert.Contains($"newTag: {s_version}", Read($"deploy/k8s/{file}/kustomization.yaml"));
        }

        var named = NamedVersion().Matches(Read("docs/kubernetes.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, version => Assert.Equal(s_version, version));
    }

    [Fact]
    public void The_workflow_gives_the_image_what_its_build_takes()
    {
        var workflow = Read(".github/workflows/release.yml");
        var arguments = Argument().Matches(Read("Dockerfile")).Select(match => match.Groups[1].Value).ToHashSet();
        var given = Given().Matches(workflow).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(["SDK_IMAGE", "RUNTIME_IMAGE", "VERSION", "REVISION", "SOURCE"], given);
        Assert.All(given, argument => Assert.Contains(argument, arguments));
        Assert.All((string[])["platforms: linux/amd64,linux/arm64", "sbom: true", "provenance: mode=max", "run: .ci/run"], line => Assert.Contains(line, workflow));
    }

    /// <summary>Tests that lack a program are skipped, which a release must not be.</summary>
    [Fact]
    public void A_release_is_tested_where_manifests_can_be_built()
    {
        var steps = ((YamlSequenceNode)JobsOf(".github/workflows/release.yml")["test"]["steps"]).OfType<YamlMappingNode>().Where(step => step.Children.ContainsKey("run")).Select(step => step["run"].ToString()).ToList();

        Assert.Contains("kubectl kustomize deploy/k8s/overlays/production", steps[0]);
        Assert.Equal(".ci/run", steps[^1]);
    }

    [Fact]
    public void A_release_is_published_after_its_image_was_tried_on_both_platforms()
    {
        var jobs = JobsOf(".github/workflows/release.yml");

        Assert.Equal(["check"], Needs(jobs, "test"));
        Assert.Equal(["check", "test"], Needs(jobs, "image"));
        Assert.Equal(["check", "image"], Needs(jobs, "try"));
        Assert.Equal(["check", "image", "try"], Needs(jobs, "publish"));
        Assert.Equal("[ ubuntu-24.04, ubuntu-24.04-arm ]", jobs["try"]["strategy"]["matrix"]["machine"].ToString());
        // Who may write to the repository builds nothing, and who builds may not write to it.
        Assert.Equal(["publish"], jobs.Children.Where(job => job.Value is YamlMappingNode map && map.Children.TryGetValue("permissions", out var rights) && ((YamlMappingNode)rights).Children.Any(right => right is { Key: YamlScalarNode { Value: "contents" }, Value: YamlScalarNode { Value: "write" } }))
            .Select(job => ((YamlScalarNode)job.Key).Value));
    }

    [Fact]
    public void What_is_compiled_for_a_platform_is_there_for_both()
    {
        var assets = RuntimeTarget().Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "RiskMonitor.Deploy.Tests.deps.json"))).Select(match => (Platform: match.Groups[1].Value, File: match.Groups[2].Value)).ToList();

        foreach (var file in (string[])["librdkafka.so", "libe_sqlite3.so"])
        {
            Assert.Contains(("linux-x64", file), assets);
            Assert.Contains(("linux-arm64", file), assets);
        }
    }

    [Theory]
    [InlineData(".github/workflows/release.yml")]
    [InlineData(".github/workflows/ci.yml")]
    public void A_workflow_needs_jobs_that_there_are_and_has_few_rights(string file)
    {
        var root = RootOf(file);
        var jobs = JobsOf(file);

        Assert.Equal("[ { contents, read } ]", $"[ {string.Join(", ", ((YamlMappingNode)root["permissions"]).Children.Select(right => $"{{ {right.Key}, {right.Value} }}"))} ]");
        foreach (var (name, job) in jobs)
        {
            Assert.All(Needs(jobs, ((YamlScalarNode)name).Value!), needed => Assert.True(jobs.Children.ContainsKey(needed)));
            Assert.True(((YamlMappingNode)job).Children.ContainsKey("timeout-minutes"));
            // What a workflow uses has a version, or is a commit; a branch could be anything tomorrow. It is of the two makers that CONTRIBUTING.md names.
            Assert.All(((YamlSequenceNode)job["steps"]).Children.OfType<YamlMappingNode>().Where(step => step.Children.ContainsKey("uses")), step => Assert.Matches(@"^(actions|docker)/[\w-]+@(v\d+|[0-9a-f]{40})$", step["uses"].ToString()));
        }
    }

    [Fact]
    public void The_image_runs_as_an_account_without_rights_and_says_what_it_is()
    {
        var lines = File.ReadAllLines(Path.Combine(ComposeFile.Root, "Dockerfile"));

        Assert.Contains("USER $APP_UID", lines);
        Assert.Contains("ARG APP_UID=1654", lines);
        Assert.Contains(lines, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        Assert.All((string[])["version", "revision", "source", "base.name"], label => Assert.Contains(lines, line => line.Contains($"org.opencontainers.image.{label}=", StringComparison.Ordinal)));
        // The last stage has no compiler.
        Assert.Equal(["FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build", "FROM ${RUNTIME_IMAGE}"], lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
    }

    private static async Task<(int ExitCode, string Said)> NotesAsync(string version, string changelog)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(ComposeFile.Root, ".github/release-notes"), version]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CHANGELOG"] = changelog;
        using var process = ChildProcess.Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    private static YamlMappingNode RootOf(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read(file)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static YamlMappingNode JobsOf(string file) => (YamlMappingNode)RootOf(file)["jobs"];

    private static List<string> Needs(YamlMappingNode jobs, string job) =>
        ((YamlMappingNode)jobs[job]).Children.TryGetValue("needs", out var needed) ? [.. (needed is YamlSequenceNode list ? list.Children : [needed]).Select(name => name.ToString())] : [];

    private static string Read(string file) => File.ReadAllText(Path.Combine(ComposeFile.Root, file));

    [GeneratedRegex("\"runtimes/([a-z0-9-]+)/native/([^\"]+)\"")]
    private static partial Regex RuntimeTarget();

    [GeneratedRegex(@"(?:riskmonitor:|git checkout v)(\d+\.\d+\.\d+)")]
    private static partial Regex NamedVersion();

    [GeneratedRegex(@"(?m)^ARG (\w+)")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?m)^            ([A-Z_]+)=")]
    private static partial Regex Given();
}
