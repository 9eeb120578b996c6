using System.Diagnostics;

namespace RiskMonitor.Deploy.Tests;

/// <summary>The scripts that an operator runs beside kubectl, and the one that runs in MySQL's container.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [TheoryWithKustomize]
    [InlineData("Complete", 0)]
    [InlineData("SuccessCriteriaMet Complete", 0)]
    [InlineData("Failed", 1)]
    [InlineData("FailureTarget Failed", 1)]
    public async Task A_job_is_waited_for_whatever_its_end_is(string state, int exitCode)
    {
        // The first answer is none; a kubectl that cannot reach the API server says nothing either.
        var ran = await RunJobAsync("deploy/k8s/jobs/restore", $"if [[ -e $CALLS.once ]]; then printf '%s' '{state}'; else touch $CALLS.once; exit 1; fi");

        Assert.Equal(exitCode, ran.ExitCode);
        Assert.Contains("the log of job/riskmonitor-restore", ran.Said);
        Assert.Equal(
            ["-n riskmonitor delete job riskmonitor-restore --ignore-not-found", "apply -f -"],
            File.ReadLines(_folder.File("calls")).Take(2));
    }

    [FactWithKustomize]
    public async Task A_job_that_does_not_end_is_waited_for_no_longer_than_asked()
    {
        var ran = await RunJobAsync("deploy/k8s/jobs/migrate", "exit 0", ("WAIT", "0"));

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("job riskmonitor-migrate has not ended", ran.Said);
    }

    [FactWithKustomize]
    public async Task A_folder_without_a_job_is_refused()
    {
        var ran = await RunJobAsync("deploy/k8s/jobs/backup", "exit 0");

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("has no Job", ran.Said);
    }

    [Fact]
    public async Task The_first_start_of_mysql_leaves_the_shell_of_its_image_as_it_was()
    {
        // The image reads the file into its own shell, which then asks for variables that are not set.
        const string Image = """
            set -eo pipefail
            bash() { echo "apply $1"; }
            cat() { echo secret; }
            mysql() { command cat >/dev/null; echo "users as $MYSQL_PWD"; }
            export MYSQL_ROOT_PASSWORD=root
            . deploy/compose/mysql/10-users.sh
            [ -n "$MYSQL_ONETIME_PASSWORD" ] || echo goes on
            """;

        var ran = await RunAsync("-c", Image);

        Assert.Equal((0, "apply /riskmonitor/mysql/apply.sh\nusers as root\ngoes on\n"), ran);
    }

    [Fact]
    public async Task The_first_start_of_mysql_fails_where_the_users_cannot_be_made()
    {
        var ran = await RunAsync("-c", "set -eo pipefail; bash() { return 1; }; cat() { echo secret; }; mysql() { :; }; export MYSQL_ROOT_PASSWORD=root; . deploy/compose/mysql/10-users.sh; echo goes on");

        Assert.NotEqual(0, ran.ExitCode);
        Assert.DoesNotContain("goes on", ran.Said);
    }

    [Theory]
    [InlineData("10000")]
    [InlineData("many", "1")]
    [InlineData("10", "1", "0")]
    public async Task A_size_is_asked_for_by_numbers(params string[] arguments)
    {
        var ran = await RunAsync(["deploy/k8s/size", .. arguments]);

        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("usage:", ran.Said);
    }

    [Fact]
    public async Task More_ingests_than_partitions_are_refused() =>
        Assert.Contains("ingests need as many partitions, and there are 2", (await RunAsync("deploy/k8s/size", "1000000", "1000000", "2")).Said);

    public void Dispose() => _folder.Dispose();

    /// <param name="state">What kubectl says of the Job's conditions, as a script.</param>
    private async Task<(int ExitCode, string Said)> RunJobAsync(string folder, string state, params (string Name, string Value)[] variables)
    {
        var real = (await RunAsync("-c", "command -v kubectl")).Said.Trim();
        File.WriteAllText(_folder.File("kubectl"), $$"""
            #!/usr/bin/env bash
            if [[ $1 == kustomize ]]; then exec {{real}} "$@"; fi
            echo "$*" >>"$CALLS"
            case "$*" in
              *" get "*) {{state}} ;;
              *" logs "*) echo "the log of ${@: -1}" ;;
              apply*) cat >/dev/null ;;
            esac
            """);
        await RunAsync("-c", $"chmod +x {_folder.File("kubectl")}");
        return await RunAsync(["deploy/k8s/job", folder], [("PATH", $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}"), ("CALLS", _folder.File("calls")), ("EVERY", "0"), .. variables]);
    }

    private static Task<(int ExitCode, string Said)> RunAsync(params string[] arguments) => RunAsync(arguments, []);

    private static async Task<(int ExitCode, string Said)> RunAsync(string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", arguments) { WorkingDirectory = ComposeFile.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = ChildProcess.Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
