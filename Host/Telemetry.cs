using System.Collections;
using System.Globalization;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RiskMonitor.Host.Roles;

namespace RiskMonitor.Host;

/// <summary>
/// Traces and metrics by OTLP, where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. A trace goes from an HTTP request or a message
/// of Kafka through the grains to the last statement and the webhook. <c>/metrics</c> does not depend on it.
/// </summary>
internal static class Telemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Prefix = "OTEL_";

    /// <summary>What makes spans: the product, Orleans' calls, and the MySQL driver.</summary>
    private static readonly string[] s_sources = ["RiskMonitor*", "Microsoft.Orleans.*", "MySqlConnector"];

    /// <summary>The instruments of <c>/metrics</c>; the MCP SDK's and those of HTTP clients carry what callers choose.</summary>
    private static readonly string[] s_meters = ["RiskMonitor", "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "MySqlConnector"];

    public static bool IsConfigured => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable));

    public static void Add(WebApplicationBuilder builder, HostSettings settings)
    {
        if (!IsConfigured)
        {
            return;
        }

        // The exporter reads its standard variables from the configuration, which has only the product's own.
        builder.Configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => variable.Key is string name && name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value)));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(
                    "riskmonitor",
                    serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3),
                    serviceInstanceId: string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"))
                .AddAttributes([new("riskmonitor.role", settings.Role.Name())]))
            .WithTracing(traces => traces
                .AddSource(s_sources)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !IsOfASupervisor(context.Request.Path))
                .AddHttpClientInstrumentation(requests =>
                {
                    // The path of a webhook can be its secret.
                    requests.EnrichWithHttpRequestMessage = (span, request) => span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority));
                })
                .AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(s_meters).AddOtlpExporter());
    }

    private static bool IsOfASupervisor(PathString path) => path == "/health" || path == "/ready" || path == "/metrics";
}
