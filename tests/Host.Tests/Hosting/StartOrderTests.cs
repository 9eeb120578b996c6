using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskMonitor.Host.Starting;

namespace RiskMonitor.Host.Tests.Hosting;

public class StartOrderTests
{
    [Fact]
    public async Task A_part_that_cannot_be_stopped_stops_neither_the_others_nor_the_process()
    {
        var stopped = new List<string>();
        await using var app = Build(
            new Part(() => stopped.Add("first")),
            new Part(() => throw new InvalidOperationException("no connection")),
            new Part(() => stopped.Add("last")));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var start = app.Services.GetRequiredService<StartOrder>();
        await start.WaitAsync();

        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["last", "first"], stopped);
        Assert.True(start.HasFailedPart);
    }

    [Fact]
    public async Task A_part_for_which_no_time_was_left_has_not_failed()
    {
        using var over = new CancellationTokenSource();
        await using var app = Build(new Part(() => { over.Cancel(); over.Token.ThrowIfCancellationRequested(); }));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var start = app.Services.GetRequiredService<StartOrder>();
        await start.WaitAsync();

        await start.StopAsync(over.Token);

        Assert.False(start.HasFailedPart);
    }

    private static WebApplication Build(params IReadOnlyList<IHostedService> parts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Port"] = "0" }).Build()));
        foreach (var part in parts)
        {
            builder.Services.AddSingleton(part);
        }

        StartOrder.TakeOver(builder.Services);
        return builder.Build();
    }

    private sealed class Part(Action stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            stop();
            return Task.CompletedTask;
        }
    }
}
