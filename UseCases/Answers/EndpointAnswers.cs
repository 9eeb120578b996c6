using System.Text.Json;
using RiskMonitor.Risk.Alerts;
using RiskMonitor.Risk.Feeds;

namespace RiskMonitor.UseCases.Answers;

/// <summary>The endpoints that were set at run time.</summary>
public sealed record EndpointsAnswer : Answer
{
    internal EndpointsAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>By name.</summary>
    public required IReadOnlyList<EndpointAnswer> Endpoints { get; init; }
}

/// <summary>An endpoint that was written or removed.</summary>
public sealed record EndpointSetAnswer : Answer
{
    internal EndpointSetAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    /// <summary>created, changed or removed.</summary>
    public required string Outcome { get; init; }

    /// <summary>As it is stored now, or was when it was removed.</summary>
    public required EndpointAnswer Endpoint { get; init; }
}

/// <summary>An endpoint with a new secret.</summary>
public sealed record EndpointSecretAnswer : Answer
{
    internal EndpointSecretAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required EndpointAnswer Endpoint { get; init; }

    /// <summary>No other answer shows it.</summary>
    public required string Secret { get; init; }
}

/// <summary>What came of a test message.</summary>
public sealed record EndpointTestedAnswer : Answer
{
    internal EndpointTestedAnswer(CallContext context, FeedStatus feed)
        : base(context, feed)
    {
    }

    public required string Endpoint { get; init; }

    /// <summary>delivered, failed or gone.</summary>
    public required string Outcome { get; init; }

    public required string Detail { get; init; }

    public required int? Status { get; init; }

    public required double? LatencyMs { get; init; }

    /// <summary>The beginning of the receiver's answer.</summary>
    public required string? ReceiverAnswer { get; init; }
}

/// <summary>An endpoint.</summary>
/// <param name="Settings">Secrets are replaced by <c>***</c>.</param>
public sealed record EndpointAnswer(string Name, int Version, string Reason, string ChangedBy, DateTimeOffset ChangedAt, JsonElement Settings)
{
    internal static EndpointAnswer Of(StoredEndpoint endpoint, IEndpointRules rules) => new(
        endpoint.Name, endpoint.Version, endpoint.Reason, endpoint.ChangedBy, endpoint.ChangedAt, rules.Shown(endpoint.Settings));
}
