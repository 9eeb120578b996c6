using System.Diagnostics;
using System.Net;
using System.Text;
using System.Threading.Channels;
using RiskMonitor.Benchmarks.Measuring;
using RiskMonitor.Conformance;

namespace RiskMonitor.Benchmarks.Load;

/// <summary>Clients in this process that ask a server over connections which stay open, each after its last answer.</summary>
internal sealed class Connections(ServerProcess server, Func<int, HttpRequestMessage> request) : IDisposable
{
    public const int Count = 16;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = Count,
        ActivityHeadersPropagator = null,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Every connection asks again as soon as it has its answer.</summary>
    public async Task<IReadOnlyList<Reading>> ClosedLoopAsync(int requests)
    {
        var next = -1;
        return await MeasureAsync(() => ValueTask.FromResult(Interlocked.Increment(ref next) is var number && number < requests ? (number, Stopwatch.GetTimestamp()) : Ended));
    }

    /// <summary>Requests fall due at a steady pace, whether answers have come or not; their time runs from then on.</summary>
    public async Task<IReadOnlyList<Reading>> PacedAsync(int requests, int perSecond)
    {
        var due = Channel.CreateUnbounded<(int, long)>();
        var pace = PaceAsync(due.Writer, requests, perSecond);
        var readings = await MeasureAsync(async () => await due.Reader.WaitToReadAsync() && due.Reader.TryRead(out var one) ? one : Ended);
        await pace;
        return readings;
    }

    public void Dispose() => _http.Dispose();

    private static (int Number, long Began) Ended => (-1, 0);

    private static async Task PaceAsync(ChannelWriter<(int, long)> due, int requests, int perSecond)
    {
        using var timer = new PeriodicTimer(Tick);
        var began = Stopwatch.GetTimestamp();
        for (var number = 0; number < requests;)
        {
            await timer.WaitForNextTickAsync();
            // A tick that comes late brings what was due since the last one; that is this program's delay, not the server's.
            for (var until = Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond; number < until && number < requests; number++)
            {
                due.TryWrite((number, Stopwatch.GetTimestamp()));
            }
        }

        due.Complete();
    }

    private async Task<IReadOnlyList<Reading>> MeasureAsync(Func<ValueTask<(int Number, long Began)>> next)
    {
        var (began, used, served) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, server.Used);
        var latencies = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => Task.Run(() => AskAsync(next))));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var all = new Latencies(latencies);
        return
        [
            new("requests/s", all.Count / seconds),
            new("p50, µs", all.Microseconds(0.50)),
            new("p95, µs", all.Microseconds(0.95)),
            new("p99, µs", all.Microseconds(0.99)),
            new("server's processor time, µs/request", (server.Used - served).TotalMicroseconds / all.Count),
            new("clients' processor time, µs/request", (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / all.Count),
        ];
    }

    private async Task<Latencies> AskAsync(Func<ValueTask<(int Number, long Began)>> next)
    {
        var latencies = new Latencies();
        var answer = new byte[64 * 1024];
        while (await next() is { Number: >= 0 } one)
        {
            using var message = request(one.Number);
            using var response = await _http.SendAsync(message, CancellationToken.None);
            var length = await ReadAsync(response, answer);
            latencies.Add(one.Began, Stopwatch.GetTimestamp());
            var body = answer.AsSpan(0, length);
            if (response.StatusCode != HttpStatusCode.OK || length == answer.Length || body.IndexOf("\"isError\":true"u8) >= 0 || body.IndexOf("\"jsonrpc\""u8) >= 0 && body.IndexOf("\"result\""u8) < 0)
            {
                throw new InvalidOperationException($"{message.RequestUri} answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
            }
        }

        return latencies;
    }

    private static async Task<int> ReadAsync(HttpResponseMessage response, byte[] answer)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        return await body.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false);
    }
}
