using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskMonitor.Demo.Story;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Operations;
using RiskMonitor.Host.Terminal;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Positions;

namespace RiskMonitor.Host.Tests.Story;

/// <summary>What others name things never reaches a terminal or a log as anything but text.</summary>
public sealed class HostileNamesTests
{
    [Theory]
    [MemberData(nameof(HostileNames.AllWithHalfPair), MemberType = typeof(HostileNames))]
    public async Task In_the_story(string name)
    {
        using var output = new PrintedText();
        var (channel, end) = (new StoryChannel(), new CancellationTokenSource());
        using var directory = new TemporaryDirectory();
        await using var limits = await Operations.OpenLimits.InAsync(directory.Path);
        var telling = new ConsoleStory(channel, limits.Store, TimeProvider.System, output, new Ink(colour: true)).RunAsync(end.Token);

        string[] kinds = ["opened", "escalated", "analysed", "delivered", "attempt_failed", "dead_letter", "acknowledged", "cured"];
        foreach (var kind in kinds)
        {
            channel.Publish(ConsoleStoryTests.Step(kind, name));
        }

        await Eventually.IsTrueAsync("all is told", () => output.ToString().Count(character => character == '\n') >= kinds.Length);
        await end.CancelAsync();
        await telling.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(kinds.Length, lines.Length);
        // Colours are the story's own; nothing else is.
        Assert.All(lines, line => AssertSafe(System.Text.RegularExpressions.Regex.Replace(line, "\e\\[[0-9;]{1,4}m", "")));
        Assert.All(lines, line => Assert.DoesNotContain("\e[31mall", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(HostileNames.AllWithHalfPair), MemberType = typeof(HostileNames))]
    public void In_the_log(string name)
    {
        var output = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "category", new EventId(7), name, new InvalidDataException($"desk {name} is wrong"), (state, _) => $"Desk {state} did not answer");

        new TerminalLogFormatter(TimeProvider.System).Write(in entry, null, output);

        var line = Assert.Single(output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        AssertSafe(line);
        Assert.Contains("warn: category[7] Desk ", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HostileNames.AllWithHalfPair), MemberType = typeof(HostileNames))]
    public async Task In_what_commands_print(string name)
    {
        using var directory = new TemporaryDirectory();
        await using var database = await MonitorDatabase.OpenAsync(directory.Path, mayCreate: true, CancellationToken.None);
        var stored = new string([.. name.Where(character => !char.IsSurrogate(character))]);
        var output = new StringWriter();
        var audit = database.Get<IAuditLog>();
        await audit.AddAsync([new AuditEntry(DateTimeOffset.UtcNow, stored, stored, "http", stored, stored, "desk", "ok", "req", TimeSpan.Zero, stored, stored)], default);
        var letters = database.Get<IDeadLetterStore>();
        await letters.AddAsync(new DeadLetter(new Delivery(stored, 0, 1), stored, stored, default, Encoding.UTF8.GetBytes(stored), DateTimeOffset.UtcNow), default);

        await new AuditCommand(audit, output).ListAsync(RiskMonitorCommand.Parse(["audit"]), default);
        await new DeadLettersCommand(letters, output).ListAsync(RiskMonitorCommand.Parse(["dead-letters"]), default);
        var limits = new LimitsCommand(database.Get<ILimitStore>(), TimeProvider.System, output);
        await limits.SetAsync(RiskMonitorCommand.Parse(["limits", "set", "--desk", stored, "--threshold", "5", "--reason", stored]), default);
        await limits.ListAsync(default);
        var changed = await Assert.ThrowsAsync<UsageException>(() => limits.SetAsync(RiskMonitorCommand.Parse(["limits", "set", "--desk", stored, "--threshold", "6", "--reason", "x"]), default));
        await new UsersCommand(database.Get<IUserStore>(), [], output).AddAsync(
            RiskMonitorCommand.Parse(["users", "add", "ann", "--role", "viewer", "--desk", stored, "--clearance", "desk"]), default);
        await new UsersCommand(database.Get<IUserStore>(), [], output).ListAsync(default);

        // Each table has its header and its row, each command else its line, and the key stands on three.
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(2 + 3 + 1 + 2 + 4 + 2, lines.Length);
        Assert.All(lines, AssertSafe);
        AssertSafe(changed.Message);
    }

    [Theory]
    [MemberData(nameof(HostileNames.AllWithHalfPair), MemberType = typeof(HostileNames))]
    public async Task In_what_a_wrong_command_is_answered(string name)
    {
        var errors = new StringWriter();

        await CommandRunner.RunAsync(["limits", "list", "--data", "/nonexistent/" + name.Replace("\n", "", StringComparison.Ordinal)], new StringWriter(), errors);

        Assert.All(errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), AssertSafe);
    }

    private static void AssertSafe(string line)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            Assert.False(
                rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
                string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4} stands in: {line}"));
        }
    }
}
