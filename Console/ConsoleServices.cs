using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Access;
using RiskMonitor.WebConsole.Access;
using RiskMonitor.WebConsole.Live;
using RiskMonitor.WebConsole.Shell;

namespace RiskMonitor.WebConsole;

/// <summary>The web console: pages over the use cases, in the frontend's process. Needs the services of the frontend.</summary>
public static class ConsoleServices
{
    /// <summary>A working day: after it, or when its key is revoked, a session ends.</summary>
    private static readonly TimeSpan s_session = TimeSpan.FromHours(12);

    /// <summary>How long the state of a tab is kept that has lost its connection.</summary>
    private static readonly TimeSpan s_disconnected = TimeSpan.FromMinutes(3);

    private const int MostDisconnected = 200;
    private const int MostMessageBytes = 64 * 1024;

    /// <param name="keys">The directory that keeps the keys which protect cookies; null: the database, so that every frontend reads what another one wrote.</param>
    /// <param name="isHttps">Browsers come by https only, so that a cookie never travels in clear.</param>
    public static IServiceCollection AddRiskConsole(this IServiceCollection services, string? keys, bool isHttps = false)
    {
        // Keys are protected by the rights on their database or directory; there is no other secret on every machine.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        if (keys is not null)
        {
            CreatePrivate(keys);
            Protection(services).PersistKeysToFileSystem(new DirectoryInfo(keys));
        }
        else
        {
            // Before whatever else uses Data Protection, whose own service uses the keys when it starts.
            services.AddSingleton<StoredKeys>();
            services.AddHostedService(provider => provider.GetRequiredService<StoredKeys>());
            Protection(services);
            services.AddSingleton<IConfigureOptions<KeyManagementOptions>, StoredKeysSetup>();
        }

        services.AddAuthentication().AddCookie(ConsoleSession.Scheme, cookie =>
        {
            // With the prefix, browsers keep the cookie to https and to the very host that set it (RFC 6265bis).
            cookie.Cookie.Name = isHttps ? "__Host-riskmonitor" : "riskmonitor";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = s_session;
            cookie.SlidingExpiration = false;
            // A token of the identity provider may end earlier, and no later.
            cookie.Events.OnSigningIn = signingIn =>
            {
                var latest = signingIn.Properties.IssuedUtc + s_session;
                signingIn.Properties.ExpiresUtc = signingIn.Properties.ExpiresUtc < latest ? signingIn.Properties.ExpiresUtc : latest;
                return Task.CompletedTask;
            };
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "riskmonitor.form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = s_disconnected;
            circuits.DisconnectedCircuitMaxRetained = MostDisconnected;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = MostMessageBytes);
        services.AddScoped<CircuitCaller>();
        services.AddScoped<ConsoleCalls>();
        services.AddScoped<Viewer>();
        services.AddScoped<LiveSwitch>();
        return services;
    }

    private static IDataProtectionBuilder Protection(IServiceCollection services) => services.AddDataProtection().SetApplicationName("RiskMonitor");

    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Comes after routing, authentication and authorisation, and before the routes.</summary>
    public static IApplicationBuilder UseRiskConsole(this IApplicationBuilder app) => app.UseMiddleware<ConsoleAccessMiddleware>().UseAntiforgery();

    /// <summary>Puts routes of others behind the sign-in of the console. Their handlers find the caller with <see cref="CallerOf"/>.</summary>
    public static TRoutes BehindConsoleSignIn<TRoutes>(this TRoutes routes)
        where TRoutes : IEndpointConventionBuilder =>
        // The fallback policy of the API asks for credentials in headers; the console's own middleware asks for a session.
        routes.AllowAnonymous().WithMetadata(ConsoleRoute.Marker);

    /// <exception cref="InvalidOperationException">The route is not behind the sign-in of the console.</exception>
    public static Caller CallerOf(HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException($"{context.Request.Path} is not behind the sign-in of the console");

    public static void MapRiskConsole(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>()
            // The policy of the console says it all, and two headers would both apply.
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null)
            // Names of files carry a hash of what is in them, so that a browser keeps them and asks for none of them again.
            .WithStaticAssets()
            .BehindConsoleSignIn();
        app.MapGet(ConsoleRoute.OpenIdPath, SignInAtProvider.BeginAsync).ExcludeFromDescription().BehindConsoleSignIn();
        app.MapPost(ConsoleRoute.SignOutPath, SignOut.EndAsync).ExcludeFromDescription().BehindConsoleSignIn();
    }
}
