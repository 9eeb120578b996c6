namespace RiskMonitor.McpFrontend.Access;

/// <summary>What is wrong with <c>Access:OpenId</c>, once any of it is configured.</summary>
internal static class OpenIdOptionsCheck
{
    private const int MostNameChars = 60;
    private static readonly TimeSpan s_mostSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_mostTimeout = TimeSpan.FromSeconds(30);

    public static IEnumerable<string> Problems(OpenIdOptions options)
    {
        if (!(Uri.TryCreate(options.Authority, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))))
        {
            yield return $"{OpenIdOptions.Section}:Authority is '{options.Authority}'; give the https address of an OpenID Connect provider (http only on this machine)";
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            yield return $"{OpenIdOptions.Section}:ClientId is missing; register the console at the provider, and give the client id that it got there";
        }

        if (!options.Scopes.Split(' ').Contains("openid"))
        {
            yield return $"{OpenIdOptions.Section}:Scopes is '{options.Scopes}'; it must have openid among others, such as \"openid profile\"";
        }

        if (string.IsNullOrWhiteSpace(options.Name) || options.Name.Length > MostNameChars)
        {
            yield return $"{OpenIdOptions.Section}:Name is '{options.Name}'; give what the button of the sign-in page calls the provider, in at most {MostNameChars} characters";
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > s_mostSkew)
        {
            yield return $"{OpenIdOptions.Section}:ClockSkew is {options.ClockSkew}; set it from 00:00:00 to at most {s_mostSkew} (usual: 00:01:00)";
        }

        if (options.Timeout <= TimeSpan.Zero || options.Timeout > s_mostTimeout)
        {
            yield return $"{OpenIdOptions.Section}:Timeout is {options.Timeout}; set it above zero and to at most {s_mostTimeout} (usual: 00:00:05)";
        }
    }
}
