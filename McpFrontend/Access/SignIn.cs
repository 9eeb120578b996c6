using RiskMonitor.UseCases.Access;

namespace RiskMonitor.McpFrontend.Access;

/// <summary>Lets the console ask who comes.</summary>
internal sealed class SignIn(CallerSource callers, UserDirectory users) : ISignIn
{
    public async ValueTask<Caller?> FindWithoutSessionAsync(HttpContext context, CancellationToken cancellationToken) =>
        await callers.FindAsync(context, cancellationToken) is { } caller ? caller with { Address = Http.RequestRunner.AddressOf(context) } : null;

    public async ValueTask<Caller> SignInAsync(HttpContext context, string apiKey, CancellationToken cancellationToken) =>
        await callers.OfKeyAsync(context, apiKey.Trim(), cancellationToken) with { Address = Http.RequestRunner.AddressOf(context) };

    public async ValueTask<Caller?> FindOfSessionAsync(string? keyId, CancellationToken cancellationToken) => keyId is not null
        ? await users.FindByKeyIdAsync(keyId, cancellationToken)
        : await users.IsRequiredAsync(cancellationToken) ? null : Caller.LocalAdmin;
}
