// Receives alerts of the risk monitor: checks their signatures and acknowledges them.
// Usage: WEBHOOK_SECRET=whsec_... [MONITOR_URL=http://127.0.0.1:8080 MONITOR_KEY=rmk_...] dotnet run Receiver.cs PORT
#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

const int LargestBody = 64 * 1024;
var secret = Environment.GetEnvironmentVariable("WEBHOOK_SECRET") ?? throw new InvalidOperationException("WEBHOOK_SECRET is not set");
// A real receiver keeps these where they survive a restart.
var seen = new ConcurrentDictionary<string, bool>();
var work = Channel.CreateUnbounded<(string Id, byte[] Body)>();

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{(args.Length > 0 ? args[0] : "9000")}").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = LargestBody);
await using var app = builder.Build();
app.MapPost("/{**path}", async (HttpRequest request) =>
{
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer);
    var body = buffer.ToArray();
    if (Verify(secret, request.Headers, body, DateTimeOffset.UtcNow) is { } problem)
    {
        Console.Error.WriteLine($"refused: {problem}");
        return Results.StatusCode(StatusCodes.Status401Unauthorized);
    }

    var id = request.Headers["webhook-id"].ToString();
    if (seen.TryAdd(id, true))
    {
        work.Writer.TryWrite((id, body));
    }

    return Results.NoContent();
});
await app.StartAsync();
Console.WriteLine(JsonSerializer.Serialize(new JsonObject { ["listening"] = new Uri(app.Urls.Single()).Port }));
using var monitor = Environment.GetEnvironmentVariable("MONITOR_URL") is { Length: > 0 } url ? new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) } : null;
if (monitor is not null && Environment.GetEnvironmentVariable("MONITOR_KEY") is { Length: > 0 } key)
{
    monitor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
}

await foreach (var (id, body) in work.Reader.ReadAllAsync())
{
    var message = JsonNode.Parse(body)!;
    var type = (string)message["type"]!;
    Console.WriteLine(new JsonObject { ["id"] = id, ["type"] = type, ["desk"] = (string?)message["data"]!["desk"] }.ToJsonString());

    // The end of a breach and a test need no acknowledgement.
    if (monitor is null || type is "risk.alert.cured" or "risk.endpoint.test")
    {
        continue;
    }

    try
    {
        using var answer = await monitor.PostAsJsonAsync($"/api/v1/alerts/{(string)message["data"]!["alert_id"]!}/ack", new JsonObject
        {
            ["delivery_id"] = id,
            ["comment"] = "seen by the receiver",
            ["disposition"] = "seen",
            ["payload_sha256"] = Convert.ToHexStringLower(SHA256.HashData(body)),
        });
        answer.EnsureSuccessStatusCode();
    }
    catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
    {
        // The monitor sends the alert again where nobody acknowledges it.
        Console.Error.WriteLine($"not acknowledged: {failed.Message}");
    }
}

// Returns null for a genuine and fresh message, else what is wrong with it.
static string? Verify(string secret, IHeaderDictionary headers, byte[] body, DateTimeOffset now)
{
    var (id, timestamp, signatures) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString());
    if (id.Length == 0 || timestamp.Length == 0 || signatures.Length == 0)
    {
        return "a header is missing";
    }

    if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300)
    {
        return "the timestamp is not of now";
    }

    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed);
    var offered = new byte[expected.Length];

    // Several signatures, separated by spaces, while a secret is being rotated.
    foreach (var signature in signatures.Split(' '))
    {
        if (signature.StartsWith("v1,", StringComparison.Ordinal)
            && Convert.TryFromBase64String(signature[3..], offered, out var length) && length == expected.Length
            && CryptographicOperations.FixedTimeEquals(offered, expected))
        {
            return null;
        }
    }

    return "no signature is by this secret over this message";
}
