using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Endpoints;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Notices;

/// <summary>
/// Posts notices to the operator's webhook: signed, a few times at most, one message at a time. What does not arrive is still in the log and in the metrics, which
/// are the record of notices; nothing of the product waits for this.
/// </summary>
internal sealed partial class NoticeSender : BackgroundService
{
    public const string HttpClientName = "RiskMonitor.Notices";

    /// <summary>A receiver that asks for a longer wait gets this one.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] s_waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    private readonly NoticeQueue _queue;
    private readonly NoticeOptions _options;
    private readonly NoticeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<NoticeSender> _logger;
    private readonly SignedPost? _post;
    private readonly HttpExchange _exchange;
    private bool _isGone;

    public NoticeSender(NoticeQueue queue, IOptions<NoticeOptions> options, IHttpClientFactory clients, NoticeMetrics metrics, TimeProvider time, ILogger<NoticeSender> logger)
    {
        (_queue, _options, _metrics, _time, _logger) = (queue, options.Value, metrics, time, logger);
        _post = _options.IsOn ? new SignedPost(_options.AsEndpoint(), time) : null;
        _exchange = new HttpExchange(() => clients.CreateClient(HttpClientName), time);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_post is null)
        {
            return;
        }

        var gathering = new NoticeGathering(_options.GatherWithin);
        try
        {
            while (true)
            {
                await _queue.WaitAsync(gathering.Wait(_time.GetUtcNow()), _time, stoppingToken);
                while (_queue.TryTake(out var notice))
                {
                    gathering.Add(notice);
                }

                foreach (var (first, count) in gathering.TakeDue(_time.GetUtcNow()))
                {
                    await SendAsync(_post, first, count, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is in the log.
        }
    }

    /// <summary>Every attempt carries the same id and body.</summary>
    private async Task SendAsync(SignedPost post, IReadOnlyList<Notice> first, int count, CancellationToken cancellationToken)
    {
        if (_isGone)
        {
            _metrics.Count(NoticeMetrics.Dropped);
            return;
        }

        var id = $"ntc_{Guid.NewGuid():N}";
        var body = NoticeDocument.Body(first, count, Environment.MachineName, _time.GetUtcNow());
        for (var attempt = 0; ; attempt++)
        {
            var answer = await ChannelAnswer.OfAsync(PostAsync, _options.Timeout, _time, cancellationToken);
            _metrics.Count(answer.Outcome);
            if (answer.Outcome == ChannelAnswer.Delivered)
            {
                return;
            }

            if (answer.Outcome == ChannelAnswer.Gone)
            {
                _isGone = true;
                LogGone(post.Address);
                return;
            }

            if (attempt == s_waits.Length)
            {
                _metrics.Count(NoticeMetrics.GivenUp);
                LogNotSent(first[0].Event, count, post.Address, RefusalText.Line(post.Redact(answer.Detail)));
                return;
            }

            var wait = answer.RetryAfter > s_waits[attempt] ? answer.RetryAfter.Value : s_waits[attempt];
            await Task.Delay(wait < s_longestWait ? wait : s_longestWait, _time, cancellationToken);
        }

        async Task<ChannelAnswer> PostAsync(CancellationToken token)
        {
            using var request = post.Of(id, body);
            return await _exchange.PostAsync(request, token);
        }
    }
}
