using System.Net;
using System.Net.Http.Headers;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Endpoints;

/// <summary>Posts one request and reads the answer as endpoints do: only 2xx is delivered, redirects are not followed, 410 is the end.</summary>
/// <param name="client">Gives the client of the endpoint for an attempt.</param>
internal sealed class HttpExchange(Func<HttpClient> client, TimeProvider time)
{
    /// <summary>A receiver that has accepted a message is not waited for longer: its answer only goes to the log.</summary>
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromMilliseconds(250);

    public async Task<ChannelAnswer> PostAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Of an answer only a short reason is read.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("RiskMonitor", null));
        using var response = await client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            using var timeout = new CancellationTokenSource(s_answerTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            return new ChannelAnswer(ChannelAnswer.Delivered, Status(response), (int)response.StatusCode, await AnswerAsync(response, either.Token));
        }

        var answer = await AnswerAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            return new ChannelAnswer(ChannelAnswer.Gone, Status(response), (int)response.StatusCode, answer);
        }

        var detail = response.Headers.Location is { } location
            ? $"{Status(response)}: redirects to {WebhookEndpoint.Masked(location.OriginalString)} are not followed; configure the final address"
            : $"{Status(response)}: {answer ?? "the answer's body did not arrive"}";
        return new ChannelAnswer(ChannelAnswer.Refused, detail, (int)response.StatusCode, answer, RetryAfter(response));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => IsBeyondSeconds(response) ? TimeSpan.MaxValue : TimeSpan.Zero,
        };
        return asked <= TimeSpan.Zero ? null : asked < AlertPolicy.LongestRetryAfter ? asked : AlertPolicy.LongestRetryAfter;
    }

    /// <summary>A number of seconds that is too large for the type of the header is still a number of seconds.</summary>
    private static bool IsBeyondSeconds(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values) && values.FirstOrDefault()?.Trim() is { Length: > 0 } value && value.All(char.IsAsciiDigit) && value.AsSpan().ContainsAnyExcept('0');

    /// <returns>Null where it did not arrive: the status and Retry-After are known already, and count more.</returns>
    private static async Task<string?> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await RefusalText.ReadAsync(response.Content, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}";
}
