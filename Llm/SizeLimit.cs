namespace RiskMonitor.Llm;

/// <summary>Refuses answers that no question can need, before they fill the memory.</summary>
internal sealed class SizeLimit : DelegatingHandler
{
    /// <summary>Far above what <see cref="LlmOptions.MostTokens"/> can be written with.</summary>
    public const int MostBytes = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
