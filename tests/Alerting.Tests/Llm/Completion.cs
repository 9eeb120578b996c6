using Microsoft.AspNetCore.Http;

namespace RiskMonitor.Alerting.Tests.Llm;

/// <summary>The answer of a model's endpoint.</summary>
internal static class Completion
{
    public static Task WriteAsync(HttpContext context, string text) => context.Response.WriteAsJsonAsync(new
    {
        id = "c",
        @object = "chat.completion",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, finish_reason = "stop" } },
    });
}
