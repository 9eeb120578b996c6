using Microsoft.Extensions.Options;
using RiskMonitor.Llm;
using RiskMonitor.McpFrontend.Asking.Reading;
using RiskMonitor.McpFrontend.Tools;

namespace RiskMonitor.McpFrontend.Asking;

/// <summary>Questions in plain language, with the language model of section <c>Llm</c> where one is configured.</summary>
internal static class AskingServices
{
    public static void AddAsking(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLanguageModel(configuration);
        if (LlmServices.IsConfigured(configuration))
        {
            services.AddSingleton<ModelAnswerer>();
            services.AddOptions<FrontendOptions>().Configure<IOptions<LlmOptions>>((frontend, llm) => frontend.ModelTime = llm.Value.Timeout);
        }

        services.AddSingleton(provider => new Lazy<ToolCatalogue>(provider.GetRequiredService<ToolCatalogue>));
        services.AddSingleton<QuestionReader>();
        services.AddSingleton<RulesAnswerer>();
        services.AddSingleton<AskRisk>();
        services.AddSingleton<RiskTool, AskRiskTool>();
    }
}
