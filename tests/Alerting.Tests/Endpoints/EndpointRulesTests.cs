using System.Text.Json;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Endpoints;

/// <summary>Settings of endpoints as they are sent at run time.</summary>
public sealed class EndpointRulesTests
{
    private readonly EndpointRules _rules = new();

    [Fact]
    public void Settings_are_merged_with_what_is_stored_and_shown_without_secrets()
    {
        var (first, problems) = Read($$"""{"kind":"webhook","url":"https://u:geheim@risk.example/hook?k=geheim","secret":"{{Sender.Secret}}","headers":{"X-Key":"geheim-geheim"},"desks":["FX"],"timeout":"00:00:05","version":0}""");
        Assert.Empty(problems);
        var (second, _) = Read("""{"desks":null,"severities":["CRITICAL"],"required":false}""", first);
        var shown = _rules.Shown(second!).GetRawText();

        var options = EndpointRules.Parse("ops", second!);
        Assert.Equal(("ops", Sender.Secret, TimeSpan.FromSeconds(5), false), (options.Name, options.Secret, options.Timeout, options.Required));
        Assert.Empty(options.Desks);
        Assert.DoesNotContain("geheim", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec", shown, StringComparison.Ordinal);
        Assert.Contains("CRITICAL", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("T00", _rules.Shown(Read("""{"kind":"slack","url":"https://hooks.slack.example/services/T00/B00/x"}""").Settings!).GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>Operators may change endpoints, and do not know their secrets.</summary>
    [Theory]
    [InlineData("""{"url":"https://attacker.example/hook"}""")]
    [InlineData("""{"url":"https://risk.example:8443/hook"}""")]
    [InlineData("""{"url":"http://risk.example/hook"}""")]
    [InlineData("""{"kind":"slack"}""")]
    public void Stored_secrets_do_not_follow_an_endpoint_to_another_address(string sent)
    {
        var (stored, _) = Read($$$"""{"kind":"webhook","url":"https://risk.example/hook","secret":"{{{Sender.Secret}}}","previous_secret":"{{{Sender.Secret}}}","headers":{"Authorization":"Bearer geheim"}}""");

        var (settings, problems) = Read(sent, stored);

        Assert.Null(settings);
        Assert.Equal(["headers", "previous_secret", "secret"], problems.Select(problem => problem.Field).Order());
        Assert.DoesNotContain(problems, problem => problem.Problem.Contains("geheim", StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_that_are_sent_with_the_new_address_or_emptied_are_taken()
    {
        var (stored, _) = Read($$$"""{"kind":"webhook","url":"https://risk.example/hook","secret":"{{{Sender.Secret}}}","headers":{"Authorization":"Bearer geheim"}}""");

        Assert.Empty(Read("""{"url":"https://RISK.example:443/other"}""", stored).Problems);
        var (moved, problems) = Read($$"""{"url":"https://new.example/hook","secret":"{{Sender.Secret}}","headers":null}""", stored);
        Assert.Empty(problems);
        Assert.DoesNotContain("geheim", moved!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"smtp_host":"attacker.example"}""")]
    [InlineData("""{"smtp_port":2525}""")]
    [InlineData("""{"smtp_security":"none"}""")]
    public void A_mail_password_does_not_go_to_another_server_or_in_clear(string sent)
    {
        var (stored, problems) = Read("""{"kind":"email","smtp_host":"mail.example","smtp_user":"risk","smtp_password":"geheim-geheim","from":"a@b.example","to":["c@d.example"]}""");
        Assert.Empty(problems);

        Assert.Contains(Read(sent, stored).Problems, problem => problem.Field == "smtp_password");
    }

    [Theory]
    [InlineData("""{"kind":"webhook","url":"https://risk.example"}""", "secret")]
    [InlineData("""{"kind":"pigeon"}""", "kind")]
    [InlineData("""{"kind":"slack","url":"nowhere"}""", "url")]
    [InlineData("""{"kind":"slack","url":"https://a.example","timeout":5}""", "timeout")]
    [InlineData("""{"kind":"slack","url":"https://a.example","max_concurrency":0}""", "max_concurrency")]
    [InlineData("""{"kind":"slack","url":"https://a.example","desks":"FX"}""", "desks")]
    [InlineData("""{"kind":"slack","url":"https://a.example","types":["shut"]}""", "types.0")]
    [InlineData("""{"kind":"slack","url":"https://a.example","headers":{"Host":"x"}}""", "headers.host")]
    public void What_is_wrong_is_named_by_its_field(string sent, string field)
    {
        var (settings, problems) = Read(sent);
        Assert.Null(settings);
        Assert.Contains(problems, problem => problem.Field == field);
    }

    [Fact]
    public void A_new_secret_signs_beside_the_one_before_and_other_kinds_have_none()
    {
        var (stored, _) = Read($$"""{"kind":"webhook","url":"https://risk.example/hook","secret":"{{Sender.Secret}}","desks":["FX"]}""");

        var (settings, secret) = _rules.Rotated(stored!)!.Value;

        var options = EndpointRules.Parse("ops", settings);
        Assert.Equal((secret, Sender.Secret), (options.Secret, options.PreviousSecret));
        Assert.Equal(["FX"], options.Desks);
        Assert.NotEqual(Sender.Secret, secret);
        Assert.DoesNotContain(secret, _rules.Shown(settings).GetRawText(), StringComparison.Ordinal);
        Assert.Null(_rules.Rotated(Read("""{"kind":"slack","url":"https://hooks.slack.example/services/T00/B00/x"}""").Settings!));
    }

    [Fact]
    public void Only_changed_endpoints_are_made_anew_and_an_unreadable_one_harms_no_other()
    {
        var endpoints = new TestEndpoints(("Webhook:Url", "https://risk.example"), ("Webhook:Secret", Sender.Secret));
        StoredEndpoint[] stored = [Stored("chat", 1), Stored("mail", 1) with { Settings = """{"kind":"pigeon"}""" }, Stored("webhook", 1), Stored("other", 1) with { Settings = "[]" }];

        Assert.True(endpoints.Registry.Apply(stored));
        Assert.Equal(["webhook", "chat"], endpoints.Routes.For(Breaches.Alert("FX", 1_600), NotificationKind.Opened).Select(route => route.Endpoint));
        Assert.False(endpoints.Registry.Apply([Stored("chat", 1)]));
        Assert.True(endpoints.Registry.Apply([Stored("chat", 2)]));
        Assert.True(endpoints.Registry.Apply([Stored("chat", 2) with { Settings = """{"kind":"slack","url":"https://hooks.example/made-anew"}""" }]));
        Assert.False(endpoints.Registry.Apply([]));
        Assert.Equal(["webhook"], endpoints.Routes.For(Breaches.Alert("FX", 1_600), NotificationKind.Opened).Select(route => route.Endpoint));

        static StoredEndpoint Stored(string name, int version) => new(name, version, """{"kind":"slack","url":"https://hooks.example/x"}""", "", "", Sender.Noon);
    }

    [Fact]
    public void A_version_that_cannot_be_used_is_complained_of_once_and_hides_no_change_beside_it()
    {
        var endpoints = new TestEndpoints();
        StoredEndpoint[] stored = [Stored("chat", "{}"), Stored("mail", """{"kind":"slack","url":"https://hooks.example/x"}""")];

        endpoints.Registry.Apply(stored);
        endpoints.Registry.Apply(stored);
        Assert.Single(endpoints.Logged, "endpoint_unreadable");

        // As many endpoints as before, and one of them has gone.
        endpoints.Registry.Apply([stored[0], Stored("other", "[]")]);
        Assert.Equal([EndpointRoute.Default], endpoints.Routes.For(Breaches.Alert("FX", 1_600), NotificationKind.Opened));

        static StoredEndpoint Stored(string name, string settings) => new(name, 1, settings, "", "", Sender.Noon);
    }

    private (string? Settings, IReadOnlyList<(string Field, string Problem)> Problems) Read(string sent, string? stored = null)
    {
        using var json = JsonDocument.Parse(sent);
        return _rules.Read("ops", json.RootElement, stored);
    }
}
