using Microsoft.AspNetCore.Http;
using RiskMonitor.UseCases.Answers;

namespace RiskMonitor.UseCases.Access;

/// <summary>Who may open the console, by the same rules as the API. A session stands on a key or a token and ends with it.</summary>
public interface ISignIn
{
    /// <summary>The identity provider at which users can sign in, as the button names it; null: there is none.</summary>
    string? ProviderName { get; }

    /// <summary>The caller of a request without a session: a program on this machine while there are no users.</summary>
    /// <returns>Null: the request has to sign in.</returns>
    ValueTask<Caller?> FindWithoutSessionAsync(HttpContext context, CancellationToken cancellationToken);

    /// <summary>Checks the key of somebody who signs in.</summary>
    /// <exception cref="RequestException">The key is not known, or too many wrong ones came from this address.</exception>
    ValueTask<Caller> SignInAsync(HttpContext context, string apiKey, CancellationToken cancellationToken);

    /// <summary>Sends the browser to the identity provider, from which it comes back with a session.</summary>
    /// <param name="returnPath">The page of this server that is opened then.</param>
    Task ChallengeAsync(HttpContext context, string returnPath);

    /// <summary>The caller of a session with the rights of now.</summary>
    /// <returns>Null: the session has ended.</returns>
    /// <exception cref="RequestException">It cannot be found out just now.</exception>
    ValueTask<Caller?> FindOfSessionAsync(SessionBasis basis, CancellationToken cancellationToken);
}
