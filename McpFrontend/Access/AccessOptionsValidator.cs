using Microsoft.Extensions.Options;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.McpFrontend.Access;

internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    private const string ListEnd = ", ";

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var problems = new List<string>();
        for (var i = 0; i < options.Users.Count; i++)
        {
            CheckUser(options.Users[i], $"{AccessOptions.Section}:Users:{i}", problems);
        }

        for (var i = 0; i < options.Users.Count; i++)
        {
            if (options.Users.Take(i).FirstOrDefault(other => UserName.Resemble(other.Name, options.Users[i].Name)) is { } twin)
            {
                problems.Add($"{AccessOptions.Section}:Users:{i}:Name is {VisibleText.Quoted(options.Users[i].Name)}, which is or looks like {VisibleText.Quoted(twin.Name)}; give each user a name of its own");
            }
        }

        problems.AddRange(Twice(options.Users.Select(user => KeyHash.Parse(user.KeyHash)?.KeyId ?? "")).Select(_ =>
            $"{AccessOptions.Section}:Users has the same KeyHash more than once; make a key for each user: ./run users key"));
        CheckSites(options, problems);
        if (options.Jwt.IsConfigured)
        {
            problems.AddRange(JwtOptionsCheck.Problems(options.Jwt));
        }

        if (options.OpenId.IsConfigured)
        {
            problems.AddRange(OpenIdOptionsCheck.Problems(options.OpenId));
            problems.AddRange(options.Jwt.IsConfigured ? [] : JwtOptionsCheck.ClaimProblems(options.Jwt));
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void CheckUser(UserOptions user, string key, List<string> problems)
    {
        var before = problems.Count;
        if (AccessNames.ParseRole(user.Role) is null)
        {
            problems.Add($"{key}:Role is '{user.Role}'; give one of {string.Join(ListEnd, AccessNames.RoleNames)}");
        }

        if (AccessNames.ParseClearance(user.Clearance) is null)
        {
            problems.Add($"{key}:Clearance is '{user.Clearance}'; give one of {string.Join(ListEnd, AccessNames.ClearanceNames)}");
        }

        if (KeyHash.Parse(user.KeyHash) is null)
        {
            // Not shown: it may be the key itself, put here by mistake.
            problems.Add($"{key}:KeyHash is {(user.KeyHash.Length == 0 ? "missing" : "not a key hash")}; ./run users key prints a key and the hash that belongs here");
        }

        if (user.Desks.Count > 1 && user.Desks.Contains(RiskUser.AllDesks))
        {
            problems.Add($"{key}:Desks has {RiskUser.AllDesks} beside other names; give {RiskUser.AllDesks} alone for all desks, or only names");
        }

        if (problems.Count == before && user.Read().User.Problem() is { } problem)
        {
            problems.Add($"{key}: {problem}");
        }
    }

    private static void CheckSites(AccessOptions options, List<string> problems)
    {
        foreach (var proxy in options.ProxyNames.Where(proxy => TrustedProxies.Parse(proxy) is null))
        {
            problems.Add($"{AccessOptions.Section}:TrustedProxies has '{proxy}'; give addresses or networks, such as 10.0.0.7 or 10.0.0.0/8");
        }

        foreach (var host in options.HostNames.Where(host => Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown))
        {
            problems.Add($"{AccessOptions.Section}:AllowedHosts has '{host}'; give host names without scheme and port, such as risk.example");
        }

        foreach (var origin in options.Origins.Where(origin => !IsOrigin(origin)))
        {
            problems.Add($"{AccessOptions.Section}:AllowedOrigins has '{origin}'; give scheme, host and port and nothing behind them, such as https://console.example");
        }

        if (options.PublicUrl.Length > 0 && !IsOrigin(options.PublicUrl.TrimEnd('/')))
        {
            problems.Add($"{AccessOptions.Section}:PublicUrl is '{options.PublicUrl}'; give scheme, host and port and nothing behind them, such as https://risk.example");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme is "http" or "https")
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Twice(IEnumerable<string> texts) =>
        texts.Where(text => text.Length > 0).GroupBy(text => text, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);
}
