using RiskMonitor.Demo;
using RiskMonitor.Demo.Story;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Observing;

namespace RiskMonitor.Host.Infrastructure;

/// <summary>What the demo adds to the single process: a sample book, somebody who trades it, a risk manager, and the story on the console.</summary>
internal static class DemoParts
{
    /// <summary>The sample book and the story; and a risk manager, unless there is a webhook of the user's.</summary>
    /// <param name="url">The address of this host.</param>
    public static void AddBook(WebApplicationBuilder builder, HostSettings settings, string url)
    {
        var services = builder.Services;
        services.AddSingleton(new DemoSettings(settings.PositionsPath));
        services.AddSingleton<StoryChannel>();
        services.AddSingleton<IRiskObserver>(provider => provider.GetRequiredService<StoryChannel>());
        services.AddHostedService<DemoData>();
        if (settings.WebhookUrl is null)
        {
            var webhook = DemoWebhook.New(url);
            builder.Configuration.AddInMemoryCollection([new("Webhook:Url", webhook.Url), new("Webhook:Secret", webhook.Secret)]);
            services.AddSingleton(webhook);
            services.AddSingleton(new ProcessUser(DemoRiskManager.User, KeyHash.Of(webhook.Key)));
            services.AddSingleton<DemoRiskManager>();
            services.AddHostedService(provider => provider.GetRequiredService<DemoRiskManager>());
        }
    }

    /// <summary>Trades begin when everything else has started.</summary>
    public static void AddTrader(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TradeSimulatorOptions.Default);
        builder.Services.AddHostedService<TradeSimulator>();
    }

    /// <summary>The endpoint of the demo risk manager, where there is one.</summary>
    public static void MapRiskManager(WebApplication app)
    {
        if (app.Services.GetService<DemoRiskManager>() is null)
        {
            return;
        }

        app.MapPost(DemoWebhook.Path, (HttpRequest request, DemoRiskManager manager) => manager.ReceiveAsync(request, request.HttpContext.RequestAborted))
            // The route is open because its handler checks the signature.
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
