using System.Net.Sockets;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>How one attempt to send a message ended.</summary>
/// <param name="Outcome">One of the constants; of the metric too.</param>
internal sealed record ChannelAnswer(string Outcome, string Detail, int? Status = null, string? Answer = null, TimeSpan? RetryAfter = null)
{
    public const string Delivered = "delivered";
    public const string Refused = "refused";
    public const string Gone = "gone";
    public const string TimedOut = "timeout";
    public const string Unreachable = "unreachable";

    /// <summary>Makes an attempt, and an answer of what the network throws.</summary>
    /// <param name="send">May throw what the network does.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> says so.</exception>
    public static async Task<ChannelAnswer> OfAsync(
        Func<CancellationToken, Task<ChannelAnswer>> send, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await send(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ChannelAnswer(TimedOut, $"no answer within {within}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return new ChannelAnswer(Unreachable, exception.GetBaseException().Message);
        }
    }
}
