using Microsoft.Extensions.Options;
using RiskMonitor.Llm;
using RiskMonitor.UseCases.Asking.Reading;
using RiskMonitor.UseCases.Tools;

namespace RiskMonitor.UseCases.Asking;

/// <summary>Questions in plain language, with the language model of section <c>Llm</c> where one is configured.</summary>
public static class AskingServices
{
    public static void AddAsking(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLanguageModel(configuration);
        if (LlmServices.IsConfigured(configuration))
        {
            services.AddSingleton<ModelAnswerer>();
            services.AddOptions<UseCaseOptions>().Configure<IOptions<LlmOptions>>((frontend, llm) => frontend.ModelTime = llm.Value.Timeout);
        }

        services.AddSingleton(provider => new Lazy<ToolCatalogue>(provider.GetRequiredService<ToolCatalogue>));
        services.AddSingleton<QuestionReader>();
        services.AddSingleton<RulesAnswerer>();
        services.AddSingleton<AskRisk>();
        services.AddSingleton<RiskTool, AskRiskTool>();
    }
}
