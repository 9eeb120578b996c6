using System.ClientModel;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace RiskMonitor.Llm;

/// <summary>
/// The only way to the model. It bounds the number of requests and the time of each, repeats one where that may help, and sends none while the model keeps
/// failing. A caller of a model in trouble loses its timeout at most; other callers are not affected.
/// </summary>
public sealed partial class LanguageModel : IDisposable
{
    /// <summary>How many requests may wait for each one that runs.</summary>
    private const int WaitingPerRequest = 4;

    private const int MostLoggedChars = 200;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromMilliseconds(250);

    private readonly IChatClient _client;
    private readonly LlmOptions _options;
    private readonly LlmMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<LanguageModel> _logger;
    private readonly ConcurrencyLimiter _limiter;
    private readonly ResiliencePipeline<ChatResponse> _pipeline;

    public LanguageModel(IChatClient client, IOptions<LlmOptions> options, LlmMetrics metrics, TimeProvider time, ILogger<LanguageModel> logger)
    {
        _client = client;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = _options.MostConcurrent,
            QueueLimit = _options.MostConcurrent * WaitingPerRequest,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _pipeline = Pipeline(_options, time);
    }

    /// <summary>Asks once.</summary>
    /// <param name="purpose">For the metrics: ask or analysis.</param>
    /// <param name="timeout">For the whole answer, repeats and waiting for a permit included.</param>
    /// <exception cref="LlmException">There is no answer.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> says so.</exception>
    public async Task<ChatResponse> AskAsync(
        string purpose, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var outcome = "ok";
        try
        {
            var response = await AskBoundedAsync(messages, tools, began, timeout, cancellationToken);
            _metrics.Spent(purpose, response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0, _options.InputPrice, _options.OutputPrice);
            return response;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw;
        }
        catch (LlmException failed)
        {
            outcome = failed.Failure.Name();
            LogFailed(purpose, outcome, Brief(failed.InnerException ?? failed));
            throw;
        }
        finally
        {
            _metrics.Record(purpose, outcome, _time.GetElapsedTime(began));
        }
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<ChatResponse> AskBoundedAsync(
        IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, long began, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var lease = await AcquirePermitAsync(timeout, cancellationToken);
        // One answer at a time and little of it; the same question is best answered alike.
        var request = new ChatOptions { MaxOutputTokens = _options.MostTokens, Temperature = 0, Tools = tools.Count == 0 ? null : [.. tools] };
        try
        {
            return await _pipeline.ExecuteAsync(
                async token => await AttemptAsync(messages, request, timeout - _time.GetElapsedTime(began), token), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (BrokenCircuitException resting)
        {
            throw new LlmException(LlmFailure.Resting, "the model failed too often and is left alone for a while", resting);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            throw new LlmException(LlmFailure.Slow, "the model did not answer in time", exception);
        }
        catch (Exception exception)
        {
            // The client library throws many types for what a server may send, and none of them may reach the callers.
            throw new LlmException(LlmFailure.Failed, "the model answered with an error", exception);
        }
    }

    private async Task<RateLimitLease> AcquirePermitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var expired = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        try
        {
            var lease = await _limiter.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : throw new LlmException(LlmFailure.Busy, "too many questions wait for the model");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LlmException(LlmFailure.Busy, "no permit for the model was free in time");
        }
    }

    /// <exception cref="TimeoutException">It took too long. This differs from the caller's own cancellation, which is no fault of the model.</exception>
    private async ValueTask<ChatResponse> AttemptAsync(IReadOnlyList<ChatMessage> messages, ChatOptions request, TimeSpan left, CancellationToken cancellationToken)
    {
        var callTimeout = left < _options.CallTimeout ? left : _options.CallTimeout;
        if (callTimeout <= TimeSpan.Zero)
        {
            throw new TimeoutException("there was no time left to repeat the request");
        }

        using var timeout = new CancellationTokenSource(callTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _client.GetResponseAsync(messages, request, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {callTimeout}");
        }
    }

    /// <summary>Of an error's text the first line: what follows is the server's, and may be anything.</summary>
    private static string Brief(Exception exception)
    {
        var line = exception.Message.AsSpan().TrimStart();
        line = line[..(line.IndexOfAny('\r', '\n') is var end and >= 0 ? end : line.Length)];
        return line[..Math.Min(line.Length, MostLoggedChars)].ToString();
    }

    private static ResiliencePipeline<ChatResponse> Pipeline(LlmOptions options, TimeProvider time) => new ResiliencePipelineBuilder<ChatResponse> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<ChatResponse>
        {
            MaxRetryAttempts = 1,
            Delay = s_retryDelay,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(MayPass(arguments.Outcome.Exception)),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ChatResponse>
        {
            FailureRatio = options.BreakerFailureRatio,
            MinimumThroughput = options.BreakerLeastCalls,
            SamplingDuration = options.BreakerWindow,
            BreakDuration = options.BreakerPause,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is not (null or OperationCanceledException)),
        })
        .Build();

    /// <summary>Repeating may help: the server was overloaded, or could not be reached. One that was too slow has had its time.</summary>
    private static bool MayPass(Exception? exception) => exception switch
    {
        // Status 0: there was no answer at all.
        ClientResultException result => result.Status is 0 or (int)HttpStatusCode.TooManyRequests or (int)HttpStatusCode.RequestTimeout or >= 500,
        HttpRequestException or IOException => true,
        _ => false,
    };
}
