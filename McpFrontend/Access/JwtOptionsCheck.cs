namespace RiskMonitor.McpFrontend.Access;

/// <summary>What is wrong with <c>Access:Jwt</c>, once any of it is configured.</summary>
internal static class JwtOptionsCheck
{
    private const int LeastKeyBytes = 32;

    public static IEnumerable<string> Problems(JwtOptions options)
    {
        var sources = new[] { options.Authority, options.JwksUri, options.Key }.Count(source => source.Length > 0);
        if (sources != 1)
        {
            yield return $"{JwtOptions.Section} has {(sources == 0 ? "none" : "more than one")} of Authority, JwksUri and Key; "
                + "give one: an OpenID Connect provider's address, that of its key set, or a shared key";
        }

        if (options.ExpectedIssuer.Length == 0)
        {
            yield return $"{JwtOptions.Section}:Issuer is missing; give the iss of the tokens to let in";
        }

        if (options.Audience.Length == 0)
        {
            yield return $"{JwtOptions.Section}:Audience is missing; give the aud of the tokens to let in, so that those for other services are not";
        }

        foreach (var (key, address) in new[] { (nameof(options.Authority), options.Authority), (nameof(options.JwksUri), options.JwksUri) })
        {
            if (address.Length > 0 && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))))
            {
                yield return $"{JwtOptions.Section}:{key} is '{address}'; give an https address (http only on this machine), or others could put keys of theirs in place";
            }
        }

        if (options.Key.Length > 0 && KeyBytes(options.Key) is null)
        {
            yield return $"{JwtOptions.Section}:Key is not base64 of at least {LeastKeyBytes} bytes; make one: openssl rand -base64 32";
        }

        foreach (var (key, value, most, usual) in new[]
        {
            (nameof(options.ClockSkew), options.ClockSkew, TimeSpan.FromMinutes(5), "00:01:00"),
            (nameof(options.Timeout), options.Timeout, TimeSpan.FromSeconds(10), "00:00:02"),
            (nameof(options.KeysRefresh), options.KeysRefresh, TimeSpan.FromDays(1), "01:00:00"),
        })
        {
            if (value > most || value < TimeSpan.Zero || (value == TimeSpan.Zero && key != nameof(options.ClockSkew)))
            {
                yield return $"{JwtOptions.Section}:{key} is {value}; set it above zero and to at most {most} (usual: {usual})";
            }
        }

        foreach (var problem in ClaimProblems(options))
        {
            yield return problem;
        }
    }

    public static IEnumerable<string> ClaimProblems(JwtOptions options)
    {
        foreach (var (key, claim) in new[]
        {
            (nameof(options.UserClaim), options.UserClaim),
            (nameof(options.RoleClaim), options.RoleClaim),
            (nameof(options.DesksClaim), options.DesksClaim),
            (nameof(options.ClearanceClaim), options.ClearanceClaim),
        })
        {
            if (string.IsNullOrWhiteSpace(claim))
            {
                yield return $"{JwtOptions.Section}:{key} is empty; name the claim";
            }
        }
    }

    /// <returns>Null for what is no key, or too short.</returns>
    public static byte[]? KeyBytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= LeastKeyBytes ? bytes[..length] : null;
    }
}
