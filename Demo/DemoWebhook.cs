using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Access;

namespace RiskMonitor.Demo;

/// <summary>Where the demo risk manager listens, and the secret and the API key made for this run.</summary>
public sealed record DemoWebhook(Uri Api, string Secret, ApiKey Key)
{
    public const string Path = "/demo/risk-manager";

    public static DemoWebhook New(string api) => new(new Uri($"{api}/"), StandardWebhook.NewSecret(), ApiKey.New());

    public string Url => new Uri(Api, Path).ToString();
}
