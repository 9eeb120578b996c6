using RiskMonitor.Host.CommandLine;

namespace RiskMonitor.Host.Tests.CommandLine;

public sealed class ArgumentsTests
{
    [Fact]
    public void Without_words_the_monitor_runs()
    {
        var arguments = Arguments.Parse(["--port", "9000", "--data=/var/risk", "--no-demo"]);

        Assert.Same(Command.Run, arguments.Command);
        Assert.Equal(
            [KeyValuePair.Create<string, string?>("Port", "9000"), new("Data", "/var/risk"), new("Demo", "false")],
            arguments.Settings());
    }

    [Theory]
    [InlineData("--prot", "--port")]
    [InlineData("--webhok", "--webhook")]
    [InlineData("--nodemo", "--no-demo")]
    public void A_mistyped_option_names_the_one_that_was_meant(string typed, string meant)
    {
        var problem = Assert.Throws<UsageException>(() => Arguments.Parse([typed, "1"]));

        Assert.Contains($"'{typed}' is not an option; did you mean {meant}?", problem.Message);
        Assert.Equal(2, problem.ExitCode);
    }

    [Theory]
    [InlineData("dead-leters", "did you mean dead-letters?")]
    [InlineData("limit set", "did you mean limits set?")]
    [InlineData("frobnicate", "--help shows what there is")]
    public void A_mistyped_command_names_the_one_that_was_meant(string typed, string hint) =>
        Assert.Contains(hint, Assert.Throws<UsageException>(() => Arguments.Parse(typed.Split(' '))).Message);

    [Fact]
    public void An_option_without_its_value_says_what_it_needs() =>
        Assert.Contains("--port needs a value: --port N", Assert.Throws<UsageException>(() => Arguments.Parse(["--port", "--no-demo"])).Message);

    [Fact]
    public void An_option_given_twice_is_refused() =>
        Assert.Contains("given twice", Assert.Throws<UsageException>(() => Arguments.Parse(["--port", "1", "--port", "2"])).Message);

    [Fact]
    public void A_negative_number_is_a_value_and_no_option() =>
        Assert.Equal("-5", Arguments.Parse(["limits", "set", "--threshold", "-5"])["--threshold"]);

    [Fact]
    public void A_value_with_blanks_that_lost_its_quotes_is_pointed_out() =>
        Assert.Contains("'Options' is one word too many", Assert.Throws<UsageException>(() => Arguments.Parse(["limits", "set", "--desk", "Index", "Options"])).Message);

    [Fact]
    public void Limits_alone_shows_the_limits() => Assert.Same(Command.ListLimits, Arguments.Parse(["limits"]).Command);

    [Fact]
    public void The_help_names_every_option_of_every_command()
    {
        foreach (var command in Command.All)
        {
            var help = HelpText.Of(command);
            Assert.All(command.Options, option => Assert.Contains(option.Name, help));
        }
    }
}
