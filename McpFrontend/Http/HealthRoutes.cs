using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RiskMonitor.McpFrontend.Access;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;
using RiskMonitor.Risk.Limits;
using RiskMonitor.Risk.Storage;
using RiskMonitor.UseCases;
using RiskMonitor.UseCases.Access;
using RiskMonitor.UseCases.Answers;
using RiskMonitor.UseCases.Exposures;

namespace RiskMonitor.McpFrontend.Http;

/// <summary>Whether the process lives, and whether it can answer.</summary>
internal static partial class HealthRoutes
{
    private static readonly HealthAnswer s_alive = new(
        "ok",
        typeof(HealthRoutes).Assembly.GetName().Version!.ToString(3),
        "");

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", (Authentication access) => Results.Json(s_alive with { Authentication = access.IsRequired ? "required" : "none" }, RiskJson.Options))
            .WithName("get_health").WithSummary("The process is alive.").Produces<HealthAnswer>().AllowAnonymous().WithMetadata(ExactPath.Marker);
        routes.MapGet("/ready", ReadyAsync)
            .WithName("get_readiness")
            .WithSummary("Storage answers and takes writes, a silo answers; the state of the feed is information and takes nobody out of service.")
            .Produces<ReadyAnswer>()
            .Produces<ReadyAnswer>(StatusCodes.Status503ServiceUnavailable)
            .AllowAnonymous()
            .WithMetadata(ExactPath.Marker);
    }

    private static async Task<IResult> ReadyAsync(
        LiveFigures live,
        ILimitStore storage,
        [FromServices] IStorageHealth? health,
        CallerSource callers,
        HttpContext context,
        IOptions<UseCaseOptions> options,
        TimeProvider time,
        ILogger<RequestRunner> logger,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.ReadyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        FeedStatus? feed = null;
        var reading = CheckAsync("feed", async () => feed = await live.FeedNowAsync(either.Token), logger, cancellationToken);
        var answering = CheckAsync("silo", () => live.SiloAnswersAsync(either.Token), logger, cancellationToken);
        var stored = await CheckAsync("storage", () => storage.VersionAsync(either.Token).WaitAsync(either.Token), logger, cancellationToken);
        // All frontends ask the same feed: were they to wait for it, they would all go out of service with the silo that it is in.
        // During an upgrade a silo may be too old to know the probe; it knows the feed.
        var feedAnswers = await reading;
        var silo = await answering || feedAnswers;
        stored &= CanWrite(health?.Now, options.Value.ReadyTimeout, logger);
        var isReady = silo && stored;
        return Results.Json(
            new ReadyAnswer(isReady ? "ready" : "not_ready", stored ? "ok" : "unavailable", silo ? "ok" : "unavailable", await FeedOfAsync()),
            RiskJson.Options,
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

        // A caller without credentials gets the state only, because reasons show the inside.
        async Task<object?> FeedOfAsync() => feed is null ? null
            : await CallerAsync() is { } caller ? FeedAnswer.Of(feed, caller)
            : new FeedStateAnswer(feed.State.Name());

        async Task<Caller?> CallerAsync()
        {
            try
            {
                return await callers.FindAsync(context, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Who asks is in the storage, which does not answer.
                return null;
            }
        }
    }

    /// <summary>Reads answer from a full disk, too.</summary>
    private static bool CanWrite(StorageHealth? health, TimeSpan timeout, ILogger logger)
    {
        if (health is { FailingSince: { } since })
        {
            LogNotWritable(logger, AlertDocument.Time(since));
            return false;
        }

        if (health?.OldestWaiting is { } waiting && waiting > timeout)
        {
            LogWriteWaits(logger, waiting);
            return false;
        }

        return true;
    }

    private static async Task<bool> CheckAsync(string part, Func<Task> check, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await check();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReady(logger, exception, part);
            return false;
        }
    }
}

/// <param name="Authentication">required, or none: every program on this machine is its administrator.</param>
internal sealed record HealthAnswer(string Status, string Version, string Authentication);

/// <param name="Feed">As in any answer for those who are known, else the state alone. Null while it does not answer.</param>
internal sealed record ReadyAnswer(string Status, string Storage, string Silo, object? Feed);

internal sealed record FeedStateAnswer(string State);
