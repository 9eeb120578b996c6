using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Operations;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Host.Tests.Operations;

public sealed class UsersCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private MonitorDatabase _database = null!;

    private IUserStore Users => _database.Get<IUserStore>();

    public async ValueTask InitializeAsync() => _database = await MonitorDatabase.OpenAsync(_directory.Path, mayCreate: true, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_user_gets_a_key_that_is_shown_once_and_listed_never()
    {
        await AddAsync("Ann Lee", "--role", "risk_manager", "--desk", "Rates, EUR", "--desk", "FX/短期", "--clearance", "desk");

        var key = ApiKey.Parse(_output.ToString().Split('\n', StringSplitOptions.TrimEntries).Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)))!;
        var stored = Assert.Single(await Users.ListAsync(default));
        Assert.True(stored.Key.IsOf(key));
        Assert.Equal(["Rates, EUR", "FX/短期"], stored.User.Desks);
        Assert.Equal((Role.RiskManager, Clearance.Desk), (stored.User.Role, stored.User.Clearance));
        _output.GetStringBuilder().Clear();
        await Command().ListAsync(default);
        Assert.Contains("Ann Lee  risk_manager  Rates, EUR; FX/短期  desk", _output.ToString());
        Assert.DoesNotContain(key.Reveal()[^43..], _output.ToString());
    }

    [Fact]
    public async Task Desks_without_commas_may_be_given_as_a_list_and_all_must_be_said()
    {
        await AddAsync("bob", "--role", "viewer", "--desks", "Rates, FX", "--clearance", "trader");
        await AddAsync("eve", "--role", "admin", "--all-desks", "--clearance", "trader");

        Assert.Equal([["Rates", "FX"], null], (await Users.ListAsync(default)).Select(stored => stored.User.Desks));
    }

    [Theory]
    [InlineData("--desk A --clearance desk", "--role is missing; give one of viewer, risk_manager, operator, admin")]
    [InlineData("--role root --desk A --clearance desk", "--role is 'root'")]
    [InlineData("--role viewer --desk A", "--clearance is missing; give one of desk, trader")]
    [InlineData("--role viewer --desk A --clearance all", "--clearance is 'all'")]
    [InlineData("--role viewer --clearance desk", "--desk NAME (as often as needed), or --all-desks")]
    [InlineData("--role viewer --clearance desk --desk A --all-desks", "or --all-desks")]
    [InlineData("--role viewer --clearance desk --desks ,", "or --all-desks")]
    public async Task A_user_whose_rights_are_not_said_is_refused(string options, string message)
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => AddAsync("ann", options.Split(' ')));

        Assert.Contains(message, problem.Message);
        Assert.Empty(await Users.ListAsync(default));
    }

    [Fact]
    public async Task A_name_that_is_taken_or_reserved_or_configured_is_refused_with_its_remedy()
    {
        string[] rights = ["--role", "viewer", "--all-desks", "--clearance", "desk"];
        await AddAsync("ann", rights);

        Assert.Contains("revoke it first", (await Assert.ThrowsAsync<UsageException>(() => AddAsync("ann", rights))).Message);
        Assert.Contains("choose another", (await Assert.ThrowsAsync<UsageException>(() => AddAsync("local-admin", rights))).Message);
        Assert.Contains("comes from the configuration", (await Assert.ThrowsAsync<UsageException>(() => AddAsync("ops", rights))).Message);
        Assert.Contains("NAME is missing", Assert.Throws<UsageException>(() => RiskMonitorCommand.Parse(["users", "add", "--role", "viewer"])).Message);
    }

    [Fact]
    public async Task Revoking_ends_a_user_and_says_so_when_there_is_none()
    {
        await AddAsync("ann", "--role", "viewer", "--all-desks", "--clearance", "desk");

        await Command().RevokeAsync(RiskMonitorCommand.Parse(["users", "revoke", "ann"]), default);

        Assert.NotNull(Assert.Single(await Users.ListAsync(default)).RevokedAt);
        var problem = await Assert.ThrowsAsync<UsageException>(() => Command().RevokeAsync(RiskMonitorCommand.Parse(["users", "revoke", "ann"]), default));
        Assert.Equal(UsageException.NotPossible, problem.ExitCode);
    }

    [Fact]
    public async Task A_key_for_the_configuration_fits_the_hash_printed_with_it()
    {
        await UsersCommand.MakeKeyAsync(_output);

        var lines = _output.ToString().Split('\n', StringSplitOptions.TrimEntries);
        var key = ApiKey.Parse(lines.Single(line => line.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)))!;
        var hash = lines.Single(line => line.Contains("KeyHash=", StringComparison.Ordinal)).Split('=', 2)[1];
        Assert.True(KeyHash.Parse(hash)!.IsOf(key));
    }

    private UsersCommand Command() => new(Users, ["ops"], _output);

    private Task AddAsync(string name, params string[] options) => Command().AddAsync(RiskMonitorCommand.Parse(["users", "add", name, .. options]), default);
}
