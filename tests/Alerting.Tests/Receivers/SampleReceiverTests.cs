using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using RiskMonitor.Alerting.Tests.Endpoints;
using RiskMonitor.Alerting.Webhooks;
using RiskMonitor.Risk.Alerts;

namespace RiskMonitor.Alerting.Tests.Receivers;

/// <summary>The receivers of <c>docs/receivers</c>, and the public library of Standard Webhooks, against what the product sends.</summary>
public sealed class SampleReceiverTests
{
    [FactWithProgram("python3", "python3")]
    public Task The_receiver_in_Python_accepts_our_messages_once_and_no_others() => RunAsync("python3", "python/receiver.py");

    [FactWithTypeScript]
    public Task The_receiver_in_TypeScript_accepts_our_messages_once_and_no_others() => RunAsync(FactWithTypeScriptAttribute.Node!, "typescript/receiver.ts");

    [Fact]
    public async Task The_receiver_in_CSharp_accepts_our_messages_once_and_no_others()
    {
        // Copied, as its reader does: here it would be built by the rules of this repository.
        var folder = Directory.CreateTempSubdirectory("receiver-");
        try
        {
            var copy = Path.Combine(folder.FullName, "Receiver.cs");
            File.Copy(Path.Combine(Repository(), "docs", "receivers", "csharp", "Receiver.cs"), copy);
            await RunAsync("dotnet", "run", copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_library_of_Standard_Webhooks_accepts_our_messages_and_we_accept_its_signatures()
    {
        await using var receiver = await Webhooks.Receiver.StartAsync(200);
        await using var endpoints = new TestEndpoints(TestEndpoints.Webhook(0, "ops", receiver.Url, ("PreviousSecret", StandardWebhook.NewSecret())));
        // The library compares with the system's clock.
        endpoints.Time.SetUtcNow(DateTimeOffset.UtcNow);
        await endpoints.SendAsync("ops");

        var message = receiver.Messages.Single();
        var library = new StandardWebhooks.StandardWebhook(Webhooks.Sender.Secret);
        var body = System.Text.Encoding.UTF8.GetString(message.Body);
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary
        {
            ["webhook-id"] = message.Id,
            ["webhook-timestamp"] = message.Timestamp,
            ["webhook-signature"] = message.Signature,
        };
        library.Verify(body, headers);
        Assert.ThrowsAny<Exception>(() => library.Verify(body + " ", headers));
        var signed = library.Sign("msg_1", DateTimeOffset.UtcNow, body);
        Assert.Null(StandardWebhook.Verify("msg_1", DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), signed, message.Body, Webhooks.Sender.Secret, DateTimeOffset.UtcNow));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(program, [.. arguments, port.ToString(System.Globalization.CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = Path.Combine(Repository(), "docs", "receivers"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["WEBHOOK_SECRET"] = Webhooks.Sender.Secret, ["MONITOR_URL"] = "" },
        };
        using var process = ChildProcess.Start(start);
        var refused = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (refused)
            {
                refused.Add(line.Data ?? "");
            }
        };
        process.BeginErrorReadLine();
        try
        {
            await ReadAsync(process, "listening");
            await using var endpoints = new TestEndpoints(
            [
                .. TestEndpoints.Webhook(0, "ops", $"http://127.0.0.1:{port}/alerts", ("PreviousSecret", StandardWebhook.NewSecret())),
                .. TestEndpoints.Webhook(1, "forger", $"http://127.0.0.1:{port}/alerts", ("Secret", StandardWebhook.NewSecret())),
            ]);
            var body = Breaches.Alert("Ōsaka/FX", 1_600).Notice!.Body;
            endpoints.Time.SetUtcNow(DateTimeOffset.UtcNow);
            await RefuseAsync(endpoints, "forger", "dlv_0", body);
            await DeliverAsync(endpoints, "dlv_1", body);
            await DeliverAsync(endpoints, "dlv_1", body);
            await DeliverAsync(endpoints, "dlv_2", body);
            endpoints.Time.SetUtcNow(DateTimeOffset.UtcNow.AddMinutes(10));
            await RefuseAsync(endpoints, "ops", "dlv_3", body);

            var first = JsonDocument.Parse(await ReadAsync(process, "dlv_")).RootElement;
            Assert.Equal(("dlv_1", "risk.alert.opened", "Ōsaka/FX"), (first.GetProperty("id").GetString(), first.GetProperty("type").GetString(), first.GetProperty("desk").GetString()));
            Assert.Contains("dlv_2", await ReadAsync(process, "dlv_"), StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {string.Join('\n', refused)}", failure);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task DeliverAsync(TestEndpoints endpoints, string deliveryId, string body)
    {
        // As the product does: what fails is tried again.
        await Eventually.IsTrueAsync($"{deliveryId} is accepted", async () => (await endpoints.SendAsync("ops", deliveryId, body)).Outcome == DeliveryOutcome.Delivered);
    }

    private static async Task RefuseAsync(TestEndpoints endpoints, string endpoint, string deliveryId, string body)
    {
        // On a busy machine an answer may not come in time.
        int? status = null;
        await Eventually.IsTrueAsync($"{deliveryId} is answered", async () => (status = (await endpoints.SendAsync(endpoint, deliveryId, body)).Status) is not null);
        Assert.Equal(401, status);
    }

    private static async Task<string> ReadAsync(Process process, string part)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new EndOfStreamException($"the receiver ended without a line with '{part}'");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    internal static string Repository([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
