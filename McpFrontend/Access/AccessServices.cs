using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Calls;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Registers who may come in, how often, and what is remembered of it. Needs the ports <c>IUserStore</c> and <c>IAuditLog</c>.</summary>
internal static class AccessServices
{
    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptionsValidator>();
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section)).ValidateOnStart();

        services.AddSingleton<UserDirectory>();
        services.AddSingleton<IFixedUsers>(provider => provider.GetRequiredService<UserDirectory>());
        services.AddSingleton(provider => new Authentication(provider.GetRequiredService<UserDirectory>()));
        services.AddHttpClient(SigningKeys.ClientName).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<TokenCheck>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<CallerSource>();
        var authentication = services.AddAuthentication(CallerAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(CallerAuthenticationHandler.SchemeName, null);
        if (configuration.GetSection(OpenIdOptions.Section).Get<OpenIdOptions>() is { IsConfigured: true })
        {
            // Only where it is configured: the scheme looks at every request.
            services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, OpenIdSignIn>();
            authentication.AddOpenIdConnect(OpenIdSignIn.SchemeName, static _ => { });
        }

        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicy([new CallerRequirement()], []));
        services.AddSingleton<RightsWatch>();
        services.AddSingleton<ISignIn, SignIn>();
        services.AddSingleton<KnownSites>();
        services.AddSingleton<ProtectedResource>();
        services.AddSingleton<RefusedRequest>();
        services.AddSingleton<Admission>();
        services.AddSingleton<AuditTrail>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditTrail>());
        services.AddSingleton<CallRunner>();
    }
}
