using System.CommandLine;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using MySqlConnector;
using RiskMonitor.Demo;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Host.Roles;
using RiskMonitor.Risk.Access;
using RiskMonitor.Risk.Texts;
using RiskMonitor.Storage.Evidence;
using RiskMonitor.Storage.MySql;

namespace RiskMonitor.Host.Operations;

/// <summary>The parts of the demo as processes of their own, for a cluster: somebody who trades, and somebody who receives alerts.</summary>
internal static class DemoCommand
{
    private const string TradingKey = "Demo:TradingConnectionString";

    private static readonly Option<string> s_api = CommandOption.Text("--api", "URL", "where alerts are acknowledged: the address of a frontend (needed)");
    private static readonly Option<string> s_keyFile = CommandOption.Text("--key-file", "FILE", "a file with the API key of a risk manager (needed)");

    public static Command Create()
    {
        var command = new Command("demo", "run a part of the demo beside a cluster");
        var trader = new Command("trader", $"trade the sample book in a MySQL ({TradingKey}); sets the sample limits by {RoleSettings.MySqlKey}");
        trader.SetAction((arguments, cancellationToken) => TradeAsync(CommandRunner.Configuration(arguments, []), arguments.InvocationConfiguration.Output, cancellationToken));
        command.Add(trader);
        var manager = new Command("risk-manager", "receive alerts at /demo/risk-manager and acknowledge them; Webhook:Secret is the secret that the silos sign with");
        manager.Add(s_api);
        manager.Add(s_keyFile);
        manager.SetAction((arguments, cancellationToken) => ManageAsync(arguments, CommandRunner.Configuration(arguments, []), cancellationToken));
        command.Add(manager);
        return command;
    }

    private static async Task TradeAsync(IConfiguration configuration, TextWriter output, CancellationToken cancellationToken)
    {
        var trading = Needed(configuration, TradingKey, "the connection string of the database with the positions table");
        Needed(configuration, RoleSettings.MySqlKey, "the connection string of the monitor's database");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(configuration);
        HostLogs.Configure(builder.Logging, builder.Configuration, isTerminalQuiet: false);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddEvidenceKeys(configuration);
        builder.Services.AddMySqlStorage(configuration.GetSection(MySqlStorageOptions.Section).Bind);
        builder.Services.AddSingleton(new DemoSettings("") { Open = Open });
        builder.Services.AddSingleton(TradeSimulatorOptions.Default);
        builder.Services.AddHostedService<DemoData>();
        builder.Services.AddHostedService<TradeSimulator>();
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await output.SayAsync($"ready: trading");
        await host.WaitForShutdownAsync(cancellationToken);

        MySqlConnection Open()
        {
            var connection = new MySqlConnection(trading);
            connection.Open();
            return connection;
        }
    }

    private static async Task ManageAsync(ParseResult arguments, IConfiguration configuration, CancellationToken cancellationToken)
    {
        var settings = HostSettings.ReadAddress(configuration);
        var webhook = new DemoWebhook(
            Uri.TryCreate(arguments.GetValue(s_api), UriKind.Absolute, out var api) ? new Uri($"{api.GetLeftPart(UriPartial.Authority)}/") : throw new UsageException("--api is missing or no address; give http://HOST:PORT of a frontend"),
            Needed(configuration, "Webhook:Secret", "the secret that the silos sign with"),
            await KeyAsync(arguments.GetValue(s_keyFile), cancellationToken));
        using var server = ServerSocket.Bind(settings.Address, settings.Port);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(configuration);
        HostLogs.Configure(builder.Logging, builder.Configuration, isTerminalQuiet: false);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(server.EndPoint));
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => server.Socket);
        builder.Services.AddRouting();
        builder.Services.AddHttpClient();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(webhook);
        builder.Services.AddSingleton<DemoRiskManager>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DemoRiskManager>());
        await using var app = builder.Build();
        app.UseRouting();
        app.MapGet("/health", () => Results.Json(new { status = "ok", role = "demo risk manager" }));
        app.MapPost(DemoWebhook.Path, (HttpRequest request, DemoRiskManager manager) => manager.ReceiveAsync(request, request.HttpContext.RequestAborted));
        await app.StartAsync(cancellationToken);
        await arguments.InvocationConfiguration.Output.SayAsync($"ready {server.Url}");
        await app.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task<ApiKey> KeyAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null || !File.Exists(file))
        {
            throw new UsageException($"--key-file is '{file}', which is no file; give one that holds the API key of a risk manager");
        }

        return ApiKey.Parse((await File.ReadAllTextAsync(file, cancellationToken)).Trim()) ?? throw new UsageException($"--key-file {file} holds no API key; make one: ./run users add --help");
    }

    private static string Needed(IConfiguration configuration, string key, string what) => configuration[key] is { Length: > 0 } text
        ? text
        : throw new UsageException($"{key} is missing; give {what} ({HostSettings.EnvironmentPrefix}{key.Replace(":", "__", StringComparison.Ordinal)})");
}
