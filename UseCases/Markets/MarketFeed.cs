using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace RiskMonitor.UseCases.Markets;

/// <summary>Fetches market snapshots in the background, so that answers do not wait for the source. Each attempt has a timeout, retries are bounded, and a circuit breaker pauses a source that keeps failing.</summary>
public sealed partial class MarketFeed : BackgroundService
{
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly MarketData _data;
    private readonly MarketDataOptions _options;
    private readonly UseCaseMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<MarketFeed> _logger;
    private readonly HttpClient _client;
    private readonly ResiliencePipeline _pipeline;

    public MarketFeed(MarketData data, IOptions<MarketDataOptions> options, UseCaseMetrics metrics, TimeProvider time, ILogger<MarketFeed> logger)
    {
        _data = data;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostBytes,
        };
        if (_options.Token.Length > 0)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.Token);
        }

        var builder = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(),
            FailureRatio = 1,
            MinimumThroughput = Math.Max(2, _options.BreakAfter),
            SamplingDuration = _options.Interval * (_options.BreakAfter + 1) + (_options.Timeout * _options.Attempts * _options.BreakAfter),
            BreakDuration = _options.BreakFor,
        });
        if (_options.Attempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<Polly.Timeout.TimeoutRejectedException>(),
                MaxRetryAttempts = _options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                UseJitter = true,
            });
        }

        _pipeline = builder.AddTimeout(_options.Timeout).Build();
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Url is not { } url)
        {
            return;
        }

        using var timer = new PeriodicTimer(_options.Interval, _time);
        do
        {
            await RefreshAsync(url, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RefreshAsync(Uri url, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var outcome = "ok";
        try
        {
            var (snapshot, leftOut) = await _pipeline.ExecuteAsync(async token =>
            {
                using var response = await _client.GetAsync(url, token);
                response.EnsureSuccessStatusCode();
                using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(token));
                return MarketDocument.Read(json.RootElement);
            }, cancellationToken);
            _data.Put(snapshot);
            if (leftOut > 0)
            {
                _metrics.MarketEntriesLeftOut(leftOut);
                LogLeftOut(snapshot.SnapshotId, leftOut);
            }
        }
        catch (BrokenCircuitException)
        {
            outcome = "left_alone";
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            outcome = "failed";
            LogFailed(url.Host, failure.Message);
        }

        _metrics.MarketFetched(outcome, _time.GetElapsedTime(began), _data.Newest?.AsOf);
    }
}
