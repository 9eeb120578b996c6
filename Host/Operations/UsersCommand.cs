using System.Globalization;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Shows, adds and revokes users, whether or not a host is running on the same data; a running one heeds it within seconds.</summary>
internal sealed class UsersCommand(IUserStore users, IReadOnlyCollection<string> configuredNames, TextWriter output)
{
    private const int DesksShown = 5;

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

    public async Task AddAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var user = new RiskUser(arguments.Operand!, Role(arguments), Desks(arguments), Clearance(arguments));
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

    public async Task RevokeAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        if (!await users.RevokeAsync(arguments.Operand!, MonitorDatabase.Caller, cancellationToken))
        {
            throw new UsageException($"there is no user '{arguments.Operand}' in the table, or it is revoked already; ./run users list shows all", UsageException.NotPossible);
        }

        await output.SayAsync($"{arguments.Operand} is revoked; a running monitor refuses the key within 5 s");
    }

    /// <summary>For a user of the configuration, whom no table knows.</summary>
    public static async Task MakeKeyAsync(TextWriter output)
    {
        var key = ApiKey.New();
        await WriteKeyAsync(output, key);
        await output.WriteLineAsync($"For the configuration: RiskMonitor__Access__Users__0__KeyHash={KeyHash.Of(key)}");
    }

    private Task WriteKeyAsync(ApiKey key) => WriteKeyAsync(output, key);

    private static async Task WriteKeyAsync(TextWriter output, ApiKey key)
    {
        await output.WriteLineAsync("The API key, shown this once and kept nowhere:");
        await output.WriteLineAsync($"  {key.Reveal()}");
        await output.WriteLineAsync("Send it as: Authorization: Bearer <key>");
    }

    private static Role Role(Arguments arguments)
    {
        var known = string.Join(", ", AccessNames.Roles.Select(role => role.Name()));
        return arguments["--role"] is not { } text ? throw new UsageException($"--role is missing; give one of {known}")
            : AccessNames.ParseRole(text) ?? throw new UsageException($"--role is '{text}'; give one of {known}");
    }

    private static Clearance Clearance(Arguments arguments)
    {
        var known = string.Join(", ", AccessNames.Clearances.Select(clearance => clearance.Name()));
        return arguments["--clearance"] is not { } text ? throw new UsageException($"--clearance is missing; give one of {known}")
            : AccessNames.ParseClearance(text) ?? throw new UsageException($"--clearance is '{text}'; give one of {known}");
    }

    private static string[]? Desks(Arguments arguments)
    {
        string[] named =
        [
            .. arguments.All("--desk"),
            .. (arguments["--desks"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ];
        var all = arguments["--all-desks"] is not null;
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
