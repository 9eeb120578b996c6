using System.CommandLine;
using RiskMonitor.Host.CommandLine;
using RiskMonitor.Risk.Texts;

namespace RiskMonitor.Host.Operations;

/// <summary>Asks a running process for its health, for supervisors in images without curl.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private static readonly Option<string> s_url = CommandOption.Text("--url", "URL", "what to ask", "http://127.0.0.1:8080/health");

    public static Command Create()
    {
        var command = new Command("check", "ask a running process for its health; the exit code is 0 when it answers 200");
        command.Add(s_url);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(s_url)!, arguments.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string url, TextWriter output, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"--url is '{url}'; give an http address such as http://127.0.0.1:8080/health");
        }

        using var client = new HttpClient { Timeout = s_timeout };
        try
        {
            using var answer = await client.GetAsync(address, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            await output.SayAsync($"{(int)answer.StatusCode} {text}");
            return answer.IsSuccessStatusCode ? 0 : UsageException.NotPossible;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await output.SayAsync($"{url} does not answer: {exception.Message}");
            return UsageException.NotPossible;
        }
    }
}
