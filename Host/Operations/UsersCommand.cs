using System.CommandLine;
using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows, adds and revokes users, whether or not a host is running on the same data; a running one heeds it within seconds.</summary>
internal sealed class UsersCommand(IUserStore users, IReadOnlyCollection<string> configuredNames, TextWriter output)
{
    private const int DesksShown = 5;

    private static readonly string s_roles = string.Join(", ", AccessNames.RoleNames);
    private static readonly string s_clearances = string.Join(", ", AccessNames.ClearanceNames);

    private static readonly Argument<string> s_name = new("NAME") { Description = "the user's name" };

    private static readonly Option<Role?> s_role = CommandOption.Parsed(
        "--role",
        "ROLE",
        "viewer reads; risk_manager also acknowledges; operator also sends dead letters again; admin also changes limits (needed)",
        AccessNames.ParseRole,
        $"one of {s_roles}");

    private static readonly Option<string[]> s_desk = CommandOption.Repeatable("--desk", "NAME", "a desk that the user may see; may be given many times");
    private static readonly Option<string> s_desks = CommandOption.Text("--desks", "\"A,B\"", "the same for several whose names have no comma");
    private static readonly Option<bool> s_allDesks = CommandOption.Switch("--all-desks", "every desk, also those to come, instead of --desk");

    private static readonly Option<Clearance?> s_clearance = CommandOption.Parsed(
        "--clearance",
        "LEVEL",
        "desk sees aggregates only; trader sees everything of its desks (needed)",
        AccessNames.ParseClearance,
        $"one of {s_clearances}");

    public static Command Create()
    {
        var command = Operation.Command("users", "show and change who may come in by an API key; alone it is users list", [], List);
        command.Add(Operation.Command("list", "show who may come in by an API key", [], List));
        command.Add(Operation.Command(
            "add",
            "let somebody in; prints the API key, once",
            [s_role, s_desk, s_desks, s_allDesks, s_clearance],
            (operation, cancellationToken) => In(operation).AddAsync(operation.Arguments, cancellationToken),
            mayCreate: true,
            s_name));
        command.Add(Operation.Command(
            "revoke",
            "end a user's API key; a running monitor heeds it within seconds",
            [],
            (operation, cancellationToken) => In(operation).RevokeAsync(operation.Arguments, cancellationToken),
            operand: s_name));
        var key = new Command("key", "make an API key for a user of the configuration, and print the hash that belongs there");
        key.SetAction(arguments => MakeKeyAsync(arguments.InvocationConfiguration.Output));
        command.Add(key);
        return command;

        static Task List(Operation operation, CancellationToken cancellationToken) => In(operation).ListAsync(cancellationToken);
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        var all = await users.ListAsync(cancellationToken);
        var table = new TextTable("name", "role", "desks", "clearance", "key", "added", "by", "revoked", "by");
        foreach (var (user, key, addedAt, addedBy, revokedAt, revokedBy) in all)
        {
            table.Add(
                user.Name,
                user.Role.Name(),
                Desks(user),
                user.Clearance.Name(),
                $"{ApiKey.Prefix}{key.KeyId}_…",
                Time(addedAt),
                addedBy,
                revokedAt is { } at ? Time(at) : "",
                revokedBy ?? "");
        }

        await output.WriteLineAsync(all.Count == 0 ? "no users in the table (add one: ./run users add --help)" : table.ToString());
    }

    public async Task AddAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var user = new RiskUser(
            arguments.GetValue(s_name)!,
            arguments.GetValue(s_role) ?? throw new UsageException($"--role is missing; give one of {s_roles}"),
            Desks(arguments),
            arguments.GetValue(s_clearance) ?? throw new UsageException($"--clearance is missing; give one of {s_clearances}"));
        if (configuredNames.FirstOrDefault(configured => UserName.Resemble(configured, user.Name)) is { } twin)
        {
            throw new UsageException($"user {VisibleText.Quoted(twin)} comes from the configuration; change RiskMonitor__Access__Users__…, or choose another name", UsageException.NotPossible);
        }

        var key = ApiKey.New();
        try
        {
            await users.AddAsync(user, KeyHash.Of(key), MonitorDatabase.Caller, cancellationToken);
        }
        catch (UserExistsException exists)
        {
            throw new UsageException(exists.Message, UsageException.NotPossible);
        }
        catch (ArgumentException)
        {
            throw new UsageException(user.Problem()!);
        }

        await output.SayAsync($"{user.Name} may come in as {user.Role.Name()}, {(user.Desks is null ? "all desks" : $"desks {string.Join(", ", user.Desks.Select(VisibleText.Quoted))}")}, clearance {user.Clearance.Name()}.");
        await WriteKeyAsync(key);
    }

    public async Task RevokeAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(s_name)!;
        if (!await users.RevokeAsync(name, MonitorDatabase.Caller, cancellationToken))
        {
            throw new UsageException($"there is no user '{name}' in the table, or it is revoked already; ./run users list shows all", UsageException.NotPossible);
        }

        await output.SayAsync($"{name} is revoked; a running monitor refuses the key within 5 s");
    }

    /// <summary>For a user of the configuration, whom no table knows.</summary>
    public static async Task MakeKeyAsync(TextWriter output)
    {
        var key = ApiKey.New();
        await WriteKeyAsync(output, key);
        await output.WriteLineAsync($"For the configuration: RiskMonitor__Access__Users__0__KeyHash={KeyHash.Of(key)}");
    }

    private static UsersCommand In(Operation operation) => new(
        operation.Database.Get<IUserStore>(),
        operation.Configuration.GetSection(AccessOptions.Section).Get<AccessOptions>()?.Users.Select(user => user.Name).ToList() ?? [],
        operation.Output);

    private Task WriteKeyAsync(ApiKey key) => WriteKeyAsync(output, key);

    private static async Task WriteKeyAsync(TextWriter output, ApiKey key)
    {
        await output.WriteLineAsync("The API key, shown this once and kept nowhere:");
        await output.WriteLineAsync($"  {key.Reveal()}");
        await output.WriteLineAsync("Send it as: Authorization: Bearer <key>");
    }

    private static string[]? Desks(ParseResult arguments)
    {
        string[] named =
        [
            .. arguments.GetValue(s_desk) ?? [],
            .. (arguments.GetValue(s_desks) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ];
        var all = arguments.Has(s_allDesks);
        return all == named.Length > 0 ? throw new UsageException("name what the user may see: --desk NAME (as often as needed), or --all-desks")
            : all ? null
            : [.. named.Distinct(StringComparer.Ordinal)];
    }

    private static string Desks(RiskUser user) => user.Desks switch
    {
        null => RiskUser.AllDesks,
        { Count: <= DesksShown } few => string.Join("; ", few),
        var many => $"{string.Join("; ", many.Take(DesksShown))}; and {many.Count - DesksShown} more",
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
