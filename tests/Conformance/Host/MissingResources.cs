using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;

namespace RiskMonitor.Conformance.Host;

/// <summary>Names in the error's data the address that was asked for when there is nothing there (SEP-2164).</summary>
internal static class MissingResources
{
    internal static IMcpServerBuilder WithMissingResourcesNamed(this IMcpServerBuilder builder) => builder.WithRequestFilters(filters => filters
        .AddReadResourceFilter(next => async (request, cancellationToken) =>
        {
            try
            {
                return await next(request, cancellationToken);
            }
            catch (McpProtocolException exception)
            {
                exception.Data["uri"] = request.Params?.Uri;
                throw;
            }
        }));
}
