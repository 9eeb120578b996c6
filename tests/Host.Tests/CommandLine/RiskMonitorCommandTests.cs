using System.CommandLine;
using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Host.Tests.CommandLine;

public sealed class RiskMonitorCommandTests
{
    [Fact]
    public void Without_a_command_the_monitor_runs_with_the_settings_that_the_options_give()
    {
        var arguments = RiskMonitorCommand.Parse(["--port", "9000", "--data=/var/risk", "--no-demo"]);

        Assert.Same(RiskMonitorCommand.Root, arguments.CommandResult.Command);
        Assert.Equal(
            [KeyValuePair.Create<string, string?>("Port", "9000"), new("Data", "/var/risk"), new("Demo", "false")],
            Setting.Given(arguments));
    }

    [Fact]
    public void An_option_that_is_not_given_leaves_its_setting_to_the_environment() => Assert.Empty(Setting.Given(RiskMonitorCommand.Parse([])));

    [Theory]
    [InlineData("--prot", "--port")]
    [InlineData("--webhok", "--webhook")]
    [InlineData("--nodemo", "--no-demo")]
    public void A_mistyped_option_names_the_one_that_was_meant(string typed, string meant)
    {
        var problem = Assert.Throws<UsageException>(() => RiskMonitorCommand.Parse([typed, "1"]));

        Assert.Contains($"'{typed}' is not an option; did you mean {meant}?", problem.Message);
        Assert.Equal(2, problem.ExitCode);
    }

    [Theory]
    [InlineData("dead-leters", "did you mean dead-letters?")]
    [InlineData("limit set", "did you mean limits set?")]
    [InlineData("limits sett", "did you mean limits set?")]
    [InlineData("frobnicate", "--help shows what there is")]
    public void A_mistyped_command_names_the_one_that_was_meant(string typed, string hint) =>
        Assert.Contains(hint, ProblemOf(typed.Split(' ')));

    [Theory]
    [InlineData("--port needs a value: --port N", "--port", "--no-demo")]
    [InlineData("--data needs a value: --data DIR", "--data", "--nodemo")]
    [InlineData("--data needs a value: --data DIR", "limits", "list", "--data")]
    [InlineData("--port is given twice", "--port", "1", "--port", "2")]
    [InlineData("--no-demo is given twice", "--no-demo", "--no-demo")]
    [InlineData("--no-demo is a switch and takes no value, not 'false'", "--no-demo=false")]
    [InlineData("'false' is one word too many", "--no-demo", "false")]
    [InlineData("'Options' is one word too many", "limits", "set", "--desk", "Index", "Options")]
    [InlineData("'--port' is not an option of ./run limits list", "--port", "1", "limits", "list")]
    [InlineData("'--port' is not an option; ", "limits", "list", "--port", "1")]
    [InlineData("'--connection' is not an option; --help shows what there is", "migrate", "--connection=db")]
    [InlineData("'--rol' is not an option; did you mean --role?", "users", "add", "--rol", "viewer")]
    [InlineData("NAME is missing: ./run users add NAME", "users", "add", "--role", "viewer")]
    [InlineData("NAME is missing: ./run users add NAME", "users", "add", "--desk", "Index", "Options")]
    [InlineData("--top is '0'; give a number from 1 on", "dead-letters", "--top", "0")]
    [InlineData("--last is 'all'; give a number from 1 on", "audit", "--last", "all")]
    public void A_wrong_command_line_says_what_to_change(string problem, params string[] args) => Assert.Contains(problem, ProblemOf(args));

    [Fact]
    public void A_negative_number_is_a_value_and_no_option() =>
        Assert.Equal(["-5"], RiskMonitorCommand.Parse(["limits", "set", "--threshold", "-5"]).CommandResult.Children.SelectMany(result => result.Tokens).Select(token => token.Value));

    [Fact]
    public void A_name_that_begins_with_an_at_sign_is_a_name_and_no_file_of_options() =>
        Assert.Equal("@rates", RiskMonitorCommand.Parse(["--data", "@rates"]).GetValue<string>("--data"));

    [Theory]
    [InlineData("limits")]
    [InlineData("users")]
    [InlineData("desks")]
    public void A_group_of_commands_alone_shows_its_rows(string group)
    {
        var arguments = RiskMonitorCommand.Parse([group]);

        Assert.Equal(group, arguments.CommandResult.Command.Name);
        Assert.Empty(arguments.Errors);
        Assert.NotNull(arguments.CommandResult.Command.Action);
    }

    [Fact]
    public void The_help_names_every_option_of_every_command()
    {
        foreach (var words in Commands(RiskMonitorCommand.Root, []))
        {
            using var help = new StringWriter();
            var arguments = RiskMonitorCommand.Parse([.. words, "--help"]);

            arguments.Invoke(new InvocationConfiguration { Output = help });

            Assert.All(arguments.CommandResult.Command.Options, option => Assert.Contains(option.Name, help.ToString()));
            Assert.All(arguments.CommandResult.Command.Subcommands, command => Assert.Contains(command.Name, help.ToString()));
            Assert.Contains(string.Join(' ', words.Prepend("./run")), help.ToString());
        }
    }

    private static string ProblemOf(string[] args) => Assert.Throws<UsageException>(() => RiskMonitorCommand.Parse(args)).Message;

    private static IEnumerable<string[]> Commands(Command command, string[] words) =>
        command.Subcommands.SelectMany(sub => Commands(sub, [.. words, sub.Name])).Prepend(words);
}
