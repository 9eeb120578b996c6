using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskMonitor.Alerting.Notices;
using RiskMonitor.Alerting.Tests.Webhooks;
using RiskMonitor.Alerting.Webhooks;

namespace RiskMonitor.Alerting.Tests.Notices;

/// <summary>Notices to the operator, as a webhook receives them.</summary>
public sealed class OperatorNoticesTests
{
    private static readonly string s_secret = StandardWebhook.NewSecret();

    [Fact]
    public async Task A_notice_of_the_log_is_posted_signed_and_says_what_it_is_about()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var notices = await Notices.StartAsync(receiver.Url);

        notices.Log(LogLevel.Error, 3003, "alert_dead_letter", "Notice alert_dead_letter: no attempt is left for alert {AlertId} ({Detail})", "a-1", "503\u202e busy");

        await Eventually.IsTrueAsync("the notice arrives", () => receiver.Messages.Count == 1);
        var message = Assert.Single(receiver.Messages);
        Assert.Null(StandardWebhook.Verify(message.Id, message.Timestamp, message.Signature, message.Body, s_secret, Breaches.Noon));
        Assert.StartsWith("ntc_", message.Id, StringComparison.Ordinal);
        var body = JsonNode.Parse(message.Body)!;
        Assert.Equal(("risk.notice.alert_dead_letter", "1", "2026-05-04T12:00:00.000Z"), ((string?)body["type"], (string?)body["schema_version"], (string?)body["timestamp"]));
        var data = body["data"]!;
        Assert.Equal(("alert_dead_letter", 3003, "error", 1), ((string?)data["event"], (int?)data["event_id"], (string?)data["level"], (int?)data["count"]));
        var notice = Assert.Single(data["notices"]!.AsArray())!;
        Assert.Equal("no attempt is left for alert a-1 (503\\u202e busy)", (string?)notice["message"]);
        Assert.Equal("a-1", (string?)notice["about"]!["alert_id"]);
        Assert.Equal(("delivered", 1L), Assert.Single(notices.Outcomes()));
    }

    [Fact]
    public async Task A_storm_of_one_event_is_one_message_at_once_and_one_for_the_rest()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var notices = await Notices.StartAsync(receiver.Url);
        Unreadable(0);
        await Eventually.IsTrueAsync("the first notice arrives", () => receiver.Messages.Count == 1);
        for (var i = 1; i <= 500; i++)
        {
            Unreadable(i);
        }

        // Another event does not wait for it.
        notices.Log(LogLevel.Error, 3007, "storage_failing", "Notice storage_failing: the database cannot be written");
        await Eventually.IsTrueAsync("the other event arrives", () => receiver.Messages.Count == 2);
        Assert.Equal("storage_failing", (string?)Data(receiver, 1)["event"]);
        await Eventually.IsTrueAsync("the rest arrives", () =>
        {
            notices.Time.Advance(TimeSpan.FromMinutes(1));
            return receiver.Messages.Count >= 3;
        });

        var rest = Data(receiver, 2);
        Assert.Equal(("change_unreadable", 500), ((string?)rest["event"], (int?)rest["count"]));
        Assert.Equal(20, rest["notices"]!.AsArray().Count);
        Assert.True(receiver.Messages.All(message => message.Body.Length < 20_000));

        void Unreadable(int i) => notices.Log(LogLevel.Warning, 3002, "change_unreadable", "Notice change_unreadable: message {Delivery} cannot be read", $"t/0/{i}");
    }

    [Fact]
    public async Task Long_texts_keep_a_message_below_what_the_standard_asks_for()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var notices = await Notices.StartAsync(receiver.Url, ("Notices:GatherWithin", "00:00:00"));
        var text = new string('漢', 50_000);
        for (var i = 0; i < 30; i++)
        {
            notices.Log(LogLevel.Warning, 3002, "change_unreadable", "Notice change_unreadable: {A} {B} {C} {D} {E} {F} {G} {H} {I}", [.. Enumerable.Repeat((object)text, 9)]);
        }

        await Eventually.IsTrueAsync("all notices arrive", () => Enumerable.Range(0, receiver.Messages.Count).Sum(i => (int)Data(receiver, i)["count"]!) == 30);
        Assert.All(receiver.Messages, message => Assert.InRange(message.Body.Length, 1, 19_999));
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_the_same_message_again_and_is_given_up_after_five_attempts()
    {
        await using var receiver = await Receiver.StartAsync(503);
        await using var notices = await Notices.StartAsync(receiver.Url);
        notices.Log(LogLevel.Error, 3001, "feed_unproven", "Notice feed_unproven: feed {Feed} is unproven", "positions");

        await Eventually.IsTrueAsync("the message is given up", () =>
        {
            notices.Time.Advance(TimeSpan.FromSeconds(1));
            return notices.Logged.Any(line => line.Contains("did not reach", StringComparison.Ordinal));
        });

        Assert.Equal(5, receiver.Messages.Count);
        Assert.Single(receiver.Messages.Select(message => (message.Id, System.Text.Encoding.UTF8.GetString(message.Body))).Distinct());
        Assert.Equal([("given_up", 1L), ("refused", 5L)], notices.Outcomes());
        Assert.DoesNotContain(notices.Logged, line => line.Contains("hunter22", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_no_more()
    {
        await using var receiver = await Receiver.StartAsync(410);
        await using var notices = await Notices.StartAsync(receiver.Url, ("Notices:GatherWithin", "00:00:00"));
        notices.Log(LogLevel.Error, 3001, "feed_unproven", "Notice feed_unproven: x");
        await Eventually.IsTrueAsync("the receiver is gone", () => notices.Outcomes().Any(outcome => outcome.Outcome == "gone"));
        notices.Log(LogLevel.Error, 3001, "feed_unproven", "Notice feed_unproven: y");

        await Eventually.IsTrueAsync("the second notice is dropped", () => notices.Outcomes().Any(outcome => outcome.Outcome == "dropped"));
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task Nothing_else_of_the_log_is_posted_however_quiet_the_log_is()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var notices = await Notices.StartAsync(receiver.Url, ("Logging:LogLevel:Default", "None"));
        notices.Log(LogLevel.Information, 3014, "evidence_head", "Evidence head {Head}", "main:1");
        notices.Log(LogLevel.Error, 3202, "alerts_not_published", "x");
        notices.Log(LogLevel.Error, 0, null, "Notice x: y");
        notices.Log(LogLevel.Error, 3004, "desk_unavailable", "Notice desk_unavailable: desk '{Desk}' cannot be read", "Rates\n\"EU\"");

        await Eventually.IsTrueAsync("a notice arrives", () => !receiver.Messages.IsEmpty);
        var notice = Assert.Single(Data(receiver, 0)["notices"]!.AsArray())!;
        Assert.Equal("desk 'Rates\\u000a\"EU\"' cannot be read", (string?)notice["message"]);
        Assert.Single(receiver.Messages);
    }

    [Fact]
    public async Task A_lost_receiver_holds_up_nobody_who_logs()
    {
        var stall = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(context => stall.Task);
        await using var notices = await Notices.StartAsync(receiver.Url);
        for (var i = 0; i < 5_000; i++)
        {
            notices.Log(LogLevel.Error, 3003, "alert_dead_letter", "Notice alert_dead_letter: {I}", i);
        }

        Assert.Contains(notices.Outcomes(), outcome => outcome.Outcome == "dropped");
        stall.SetResult();
    }

    [Theory]
    [InlineData("ftp://ops.example.com", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "Notices:Url is 'ftp://ops.example.com'")]
    [InlineData("https://ops.example.com", null, "Notices:Secret is not a webhook secret")]
    [InlineData("https://ops.example.com", "plain", "Notices:Secret is not a webhook secret")]
    public void A_wrong_setting_names_key_and_remedy(string url, string? secret, string problem)
    {
        using var provider = Notices.Services([("Notices:Url", url), ("Notices:Secret", secret)], new FakeTimeProvider()).BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<NoticeOptions>>().Value);

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static JsonNode Data(Receiver receiver, int message) => JsonNode.Parse(receiver.Messages.ElementAt(message).Body)!["data"]!;

    /// <summary>A process whose notices go to a receiver.</summary>
    private sealed class Notices : IAsyncDisposable
    {
        private readonly ServiceProvider _provider;
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Outcome, long Times)> _outcomes = new();
        private readonly TextRecorder _recorder = new();
        private readonly ILogger _logger;

        private Notices(ServiceCollection services, FakeTimeProvider time)
        {
            Time = time;
            services.AddLogging(logs => logs.AddProvider(_recorder));
            _provider = services.BuildServiceProvider();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Other tests have meters of the same name.
                if (instrument.Name == "notice_messages_total" && instrument.Meter.Scope == _provider.GetRequiredService<IMeterFactory>())
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _outcomes.Enqueue(((string)tags[0].Value!, value)));
            _listener.Start();
            _logger = _provider.GetRequiredService<ILoggerFactory>().CreateLogger("RiskMonitor.Any.Part");
        }

        public FakeTimeProvider Time { get; }

        public IEnumerable<string> Logged => _recorder.Texts;

        public static async Task<Notices> StartAsync(string url, params (string Key, string? Value)[] settings)
        {
            var time = new FakeTimeProvider(Breaches.Noon);
            var address = url.Replace("http://", "http://ops:hunter22@", StringComparison.Ordinal);
            var notices = new Notices(Services([("Notices:Url", address), ("Notices:Secret", s_secret), .. settings], time), time);
            await notices._provider.GetServices<IHostedService>().Single().StartAsync(CancellationToken.None);
            return notices;
        }

        public static ServiceCollection Services((string Key, string? Value)[] settings, FakeTimeProvider time)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();
            var services = new ServiceCollection();
            services.AddLogging(logs => logs.AddConfiguration(configuration.GetSection("Logging"))).AddSingleton<TimeProvider>(time).AddOperatorNotices(configuration);
            return services;
        }

        public void Log(LogLevel level, int id, string? name, string message, params object?[] arguments) => _logger.Log(level, new EventId(id, name), message, arguments);

        /// <summary>In the order of their names.</summary>
        public IReadOnlyList<(string Outcome, long Times)> Outcomes() =>
        [
            .. _outcomes.GroupBy(measured => measured.Outcome).OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => (outcome.Key, outcome.Sum(measured => measured.Times))),
        ];

        public async ValueTask DisposeAsync()
        {
            await _provider.GetServices<IHostedService>().Single().StopAsync(CancellationToken.None);
            _listener.Dispose();
            await _provider.DisposeAsync();
        }
    }

    private sealed class TextRecorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Texts.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
