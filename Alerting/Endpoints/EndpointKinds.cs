using MimeKit;
using RiskMonitor.Settings;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>The kinds of endpoints, and what each needs of its options.</summary>
internal static class EndpointKinds
{
    private static readonly TimeSpan s_groupWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longestGroupWithin = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, Action<EndpointOptions, string, OptionProblems>> s_checks = new(StringComparer.Ordinal)
    {
        [EndpointOptions.Webhook] = CheckWebhook,
        [EndpointOptions.Slack] = EndpointOptionsCheck.CheckUrl,
        [EndpointOptions.Teams] = EndpointOptionsCheck.CheckUrl,
        [EndpointOptions.PagerDuty] = CheckPagerDuty,
        [EndpointOptions.Email] = CheckEmail,
    };

    public static IReadOnlyCollection<string> All => s_checks.Keys;

    /// <summary>How long messages of an endpoint are gathered; zero where they are not.</summary>
    public static TimeSpan GroupWithin(EndpointOptions endpoint) => endpoint.GroupWithin ?? (IsReadByPeople(endpoint.Kind) ? s_groupWithin : TimeSpan.Zero);

    public static bool IsKnown(string kind) => s_checks.ContainsKey(kind);

    public static void Check(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        problems.Require(
            endpoint.GroupWithin is not { } within || (within >= TimeSpan.Zero && within <= s_longestGroupWithin),
            $"{at}:GroupWithin",
            endpoint.GroupWithin,
            $"set it from 00:00:00 to at most {s_longestGroupWithin} (usual: {s_groupWithin})");
        s_checks.GetValueOrDefault(endpoint.Kind)?.Invoke(endpoint, at, problems);
        Unused(IsReadByPeople(endpoint.Kind), (nameof(endpoint.GroupWithin), endpoint.GroupWithin?.ToString()));
        Unused(
            endpoint.Kind == EndpointOptions.Webhook,
            (nameof(endpoint.Secret), endpoint.Secret),
            (nameof(endpoint.PreviousSecret), endpoint.PreviousSecret),
            (nameof(endpoint.User), endpoint.User),
            (nameof(endpoint.Password), endpoint.Password),
            (nameof(endpoint.ClientCertificate), endpoint.ClientCertificate),
            (nameof(endpoint.ClientKey), endpoint.ClientKey),
            (nameof(endpoint.CaCertificate), endpoint.CaCertificate));
        Unused(endpoint.Kind == EndpointOptions.PagerDuty, (nameof(endpoint.RoutingKey), endpoint.RoutingKey));
        Unused(
            endpoint.Kind == EndpointOptions.Email,
            (nameof(endpoint.SmtpHost), endpoint.SmtpHost),
            (nameof(endpoint.SmtpUser), endpoint.SmtpUser),
            (nameof(endpoint.SmtpPassword), endpoint.SmtpPassword),
            (nameof(endpoint.From), endpoint.From));

        // A key that has no effect was meant for something.
        void Unused(bool isUsed, params (string Key, string? Value)[] keys)
        {
            foreach (var (key, _) in keys.Where(key => !isUsed && IsKnown(endpoint.Kind) && !string.IsNullOrEmpty(key.Value)))
            {
                problems.Add($"{at}:{key}", $"is set, but an endpoint of kind {endpoint.Kind} has none; leave it out");
            }
        }
    }

    /// <summary>Programs get single messages: a webhook's receiver reads one alert from each, and PagerDuty makes one incident of each and groups them itself.</summary>
    private static bool IsReadByPeople(string kind) => kind is EndpointOptions.Slack or EndpointOptions.Teams or EndpointOptions.Email;

    private static void CheckWebhook(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        EndpointOptionsCheck.CheckUrl(endpoint, at, problems);
        EndpointOptionsCheck.CheckSecret(endpoint.Secret, isNeeded: true, $"{at}:Secret", problems);
        EndpointOptionsCheck.CheckSecret(endpoint.PreviousSecret, isNeeded: false, $"{at}:PreviousSecret", problems);
        CredentialsCheck.Check(endpoint, at, problems);
    }

    private static void CheckPagerDuty(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        if (!string.IsNullOrEmpty(endpoint.Url))
        {
            EndpointOptionsCheck.CheckUrl(endpoint, at, problems);
        }

        if (endpoint.RoutingKey is not { Length: 32 } key || !key.All(char.IsAsciiLetterOrDigit))
        {
            problems.Add($"{at}:RoutingKey", "is no integration key (its value is not shown); set the 32 letters and digits that PagerDuty gives for an Events API v2 integration");
        }
    }

    private static void CheckEmail(EndpointOptions endpoint, string at, OptionProblems problems)
    {
        problems.Require(!string.IsNullOrWhiteSpace(endpoint.SmtpHost), $"{at}:SmtpHost", $"'{endpoint.SmtpHost}'", "set the name of the SMTP server");
        problems.Require(endpoint.SmtpPort is > 0 and <= 65_535, $"{at}:SmtpPort", endpoint.SmtpPort, "set it from 1 to 65535 (usual: 587)");
        problems.Require(endpoint.SmtpSecurity is "starttls" or "tls" or "none", $"{at}:SmtpSecurity", $"'{endpoint.SmtpSecurity}'", "set it to starttls, tls or none");
        if (!string.IsNullOrEmpty(endpoint.SmtpPassword) && endpoint.SmtpSecurity == "none")
        {
            problems.Add($"{at}:SmtpPassword", "is set with SmtpSecurity none, which would send it unencrypted; set SmtpSecurity to starttls or tls");
        }

        problems.Require(IsMailbox(endpoint.From), $"{at}:From", $"'{endpoint.From}'", "set one mail address, such as risk@example.com");
        problems.Require(endpoint.To.Length > 0, $"{at}:To", "empty", "set one mail address or more");
        foreach (var (i, to) in endpoint.To.Index())
        {
            problems.Require(IsMailbox(to), $"{at}:To:{i}", $"'{to}'", "set one mail address, such as desk-head@example.com");
        }
    }

    private static bool IsMailbox(string? text) =>
        text is not null && !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal);
}
