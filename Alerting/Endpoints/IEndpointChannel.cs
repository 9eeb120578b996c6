using RiskMonitor.Alerting.Messages;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Carries messages to one endpoint in the form of its kind.</summary>
internal interface IEndpointChannel
{
    /// <summary>For people and logs, without anything secret.</summary>
    string Address { get; }

    /// <summary>One attempt. It may throw what the network does; the endpoint makes a result of it.</summary>
    Task<ChannelAnswer> SendAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Somebody else's text, in which what is secret may be repeated, without it.</summary>
    string Redact(string text);
}

/// <summary>A channel to people, which can tell of several alerts in one message.</summary>
internal interface IListChannel : IEndpointChannel
{
    /// <summary>One attempt with a message that is written already, such as a list.</summary>
    Task<ChannelAnswer> SendListAsync(AlertCard card, CancellationToken cancellationToken);
}
