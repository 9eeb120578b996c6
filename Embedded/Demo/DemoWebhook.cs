using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Embedded.Demo;

/// <summary>Where the demo risk manager listens, and the secret made for this run.</summary>
internal sealed record DemoWebhook(Uri Api, string Secret)
{
    public const string Path = "/demo/risk-manager";

    public static DemoWebhook New(int port) => new(new Uri($"http://127.0.0.1:{port}/"), StandardWebhook.NewSecret());

    public string Url => new Uri(Api, Path).ToString();
}
