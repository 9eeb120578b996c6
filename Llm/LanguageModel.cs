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
/// The one way to the model: few requests at a time, each bounded in time, one repeated where that may help, and none while it keeps failing.
/// Trouble of the model costs those who ask it their patience at most, and nobody else anything.
/// </summary>
public sealed partial class LanguageModel : IDisposable
{
    /// <summary>How many wait for each that is on its way.</summary>
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
    /// <param name="patience">In which there must be an answer, repeats and waiting included.</param>
    /// <exception cref="LlmException">There is none.</exception>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> says so.</exception>
    public async Task<ChatResponse> AskAsync(
        string purpose, IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await AskBoundedAsync(messages, tools, began, patience, cancellationToken);
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
        IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools, long began, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var lease = await LeaseAsync(patience, cancellationToken);
        // One answer at a time and little of it; the same question is best answered alike.
        var request = new ChatOptions { MaxOutputTokens = _options.MostTokens, Temperature = 0, Tools = tools.Count == 0 ? null : [.. tools] };
        try
        {
            return await _pipeline.ExecuteAsync(
                async token => await AttemptAsync(messages, request, patience - _time.GetElapsedTime(began), token), cancellationToken);
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
            // Whatever the client library makes of what a server sends: its types are many, and none may reach those who ask.
            throw new LlmException(LlmFailure.Failed, "the model answered with an error", exception);
        }
    }

    private async Task<RateLimitLease> LeaseAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var impatience = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(impatience.Token, cancellationToken);
        try
        {
            var lease = await _limiter.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : throw new LlmException(LlmFailure.Busy, "too many questions wait for the model");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LlmException(LlmFailure.Busy, "no turn with the model came in time");
        }
    }

    /// <exception cref="TimeoutException">It took too long: told apart from the caller's own cancellation, which is no fault of the model.</exception>
    private async ValueTask<ChatResponse> AttemptAsync(IReadOnlyList<ChatMessage> messages, ChatOptions request, TimeSpan left, CancellationToken cancellationToken)
    {
        var patience = left < _options.CallTimeout ? left : _options.CallTimeout;
        if (patience <= TimeSpan.Zero)
        {
            throw new TimeoutException("there was no time left to repeat the request");
        }

        using var timeout = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _client.GetResponseAsync(messages, request, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {patience}");
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
