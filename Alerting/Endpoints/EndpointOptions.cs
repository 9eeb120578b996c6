namespace RiskMonitor.Alerting.Endpoints;

/// <summary>One endpoint that alerts are delivered to (<c>Alerting:Endpoints:0:…</c>). Keys that its kind does not use must be left out.</summary>
public sealed class EndpointOptions
{
    public const string Webhook = "webhook";
    public const string Slack = "slack";
    public const string Teams = "teams";
    public const string PagerDuty = "pagerduty";
    public const string Email = "email";

    /// <summary>Names the endpoint in answers, logs and histories: letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The form of its messages.</summary>
    public string Kind { get; set; } = Webhook;

    /// <summary>False: no message is sent to it. New ones do not choose it, and those that did before wait until it is true again.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where to post to, http or https. A user and password in it are sent as Basic credentials.</summary>
    public string? Url { get; set; }

    /// <summary>Of a webhook: <c>whsec_</c> and the base64 of 24 to 64 random bytes.</summary>
    public string? Secret { get; set; }

    /// <summary>While a secret is being rotated, the one before: messages then carry a signature by each.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Of a webhook: sent as Basic credentials (RFC 7617), in place of a user in the address.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>
    /// Of a webhook: the certificate by which the receiver knows us, as PEM with intermediate ones behind it, or in the configuration the name of a file, which is read again
    /// when it changes.
    /// </summary>
    public string? ClientCertificate { get; set; }

    /// <summary>The key of <see cref="ClientCertificate"/>, as PEM without a password, or the name of its file; null: it is beside the certificate.</summary>
    public string? ClientKey { get; set; }

    /// <summary>Of a webhook: the authority that must have signed the receiver's certificate, as PEM or the name of a file; null: those that the system trusts.</summary>
    public string? CaCertificate { get; set; }

    /// <summary>Sent with each message. Their values are shown nowhere.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages on their way at a time; more wait for a permit.</summary>
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>Messages begun in a minute; more wait for a permit. Null: as many as come.</summary>
    public int? MaxPerMinute { get; set; }

    /// <summary>Only alerts of these desks; empty: of all.</summary>
    public string[] Desks { get; set; } = [];

    /// <summary>Only alerts of these severities (INFO, WARNING, CRITICAL); empty: of all.</summary>
    public string[] Severities { get; set; } = [];

    /// <summary>Only messages of these types (opened, escalated, reminder, cured); empty: of all.</summary>
    public string[] Types { get; set; } = [];

    /// <summary>The endpoint gets a message only if the alert is not acknowledged within this time; zero: at once. Several endpoints with growing times make an escalation.</summary>
    public TimeSpan After { get; set; }

    /// <summary>
    /// Messages that come within this time after another one are gathered and sent as one list; zero: each is sent alone. Only of kinds that people read, where
    /// it is 3 s unless set.
    /// </summary>
    public TimeSpan? GroupWithin { get; set; }

    /// <summary>An alert is delivered when one of its required endpoints has it. Where no endpoint of a message is required, each is.</summary>
    public bool Required { get; set; } = true;

    /// <summary><c>trader</c>: everything; <c>desk</c>: without what lies below the desk.</summary>
    public string Clearance { get; set; } = "trader";

    /// <summary>Of PagerDuty: the integration key of the service, 32 characters.</summary>
    public string? RoutingKey { get; set; }

    /// <summary>Of e-mail: the SMTP server.</summary>
    public string? SmtpHost { get; set; }

    public int SmtpPort { get; set; } = 587;

    /// <summary><c>starttls</c>: the server must offer it; <c>tls</c>: from the first byte (usually port 465); <c>none</c>: unencrypted.</summary>
    public string SmtpSecurity { get; set; } = "starttls";

    public string? SmtpUser { get; set; }

    public string? SmtpPassword { get; set; }

    /// <summary>Of e-mail: the sender, such as <c>Risk Monitor &lt;risk@example.com&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>Of e-mail: who gets it.</summary>
    public string[] To { get; set; } = [];
}
